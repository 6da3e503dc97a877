import { checkShape, type Shape, type Tensor } from '@sgm/tensor'
import { checkFloats } from '@sgm/tensor/check'

/** What a function of the caller gave. @throws TypeError unless it is a float32 tensor. RangeError unless it has the shape. */
export function checkedValue(where: string, what: string, value: Tensor, shape: Shape): Tensor {
  checkFloats(where, { [what]: value })
  checkShape(where, what, value.shape, shape)
  return value
}

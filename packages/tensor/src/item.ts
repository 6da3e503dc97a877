import { checkTensor, expected, formatShape } from './check'
import type { Tensor } from './types'

/**
 * The value of a tensor of one element as a host number: `await item(mean(x))`.
 *
 * @param x Of one element.
 * @throws RangeError when x does not have exactly one element.
 * @example
 * await item(sum(tensor([1, 2]))) // → 3
 */
export async function item(x: Tensor): Promise<number> {
  checkTensor('item', x)
  if (x.size !== 1) throw expected('item', 'a tensor of one element', `shape ${formatShape(x.shape)}`)
  const [value] = await x.data()
  return value!
}

import type { Tensor } from '@sgm/tensor'
import { checkFloats, checkShape, checkTensors, expected, formatShape } from '@sgm/tensor/check'

/** Throws unless x is float32 data `[B, ...D]` and t its times, one a row or one for all. */
export function checkAt(where: string, x: Tensor, t: Tensor): void {
  checkFloats(where, { x })
  checkTensors(where, { t })
  if (x.shape.length === 0) throw expected(where, 'x of shape [B, ...D]', formatShape(x.shape))
  if (t.size !== 1 || t.shape.length > 1) checkShape(where, 't', t.shape, x.shape.slice(0, 1))
}

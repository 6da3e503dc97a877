import {
  acos,
  add,
  alignRows,
  checkShape,
  clip,
  div,
  dotRows,
  greater,
  mul,
  sin,
  sqrt,
  type Tensor,
  tidy,
  where,
} from '@sgm/tensor'
import { checkFinite, checkTensors } from '@sgm/tensor/check'

/**
 * Interpolates between codes along the great circle: for each row, with ω the angle between a and b,
 *
 * (sin((1 − w) ω) a + sin(w ω) b) / sin ω
 *
 * Between independent draws of a prior in many dimensions, which lie near a sphere, all of the path is as
 * likely as its ends; a straight line is not (Shoemake 1985; White 2016). Where ω is nearly 0 the path is
 * straight.
 *
 * @param a `[B, ...D]`
 * @param b `[B, ...D]`
 * @param w Share of b, 0 to 1.
 * @returns `[B, ...D]`
 * @throws RangeError when shapes differ or w is not finite.
 * @example
 * slerp(tensor([[1, 0]]), tensor([[0, 1]]), 0.5) // → [[0.7071, 0.7071]]
 */
export function slerp(a: Tensor, b: Tensor, w: number): Tensor {
  checkTensors('slerp', { a, b })
  checkShape('slerp', 'b', b.shape, a.shape)
  checkFinite('slerp', { w })
  return tidy(() => {
    const norms = sqrt(mul(dotRows(a, a), dotRows(b, b)))
    const omega = acos(clip(div(dotRows(a, b), norms), -1, 1))
    const curved = greater(sin(omega), 1e-4)
    const safe = where(curved, omega, 1)
    const share = (v: number): Tensor => where(curved, div(sin(mul(safe, v)), sin(safe)), v)
    return add(mul(a, alignRows(share(1 - w), a)), mul(b, alignRows(share(w), b)))
  })
}

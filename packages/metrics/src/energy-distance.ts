import type { Tensor } from '@sgm/tensor'
import { meanOverPairs, pairOf } from './rows'

/**
 * The energy distance between two samples, 2 E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖: 0 only between equal distributions, and without
 * a parameter. Unbiased, so that it is around 0, on either side, when both come from one distribution.
 *
 * Székely and Rizzo 2013, "Energy statistics". Costs n² distances.
 *
 * @param x `[n, ...D]`
 * @param y `[m, ...D]`
 * @throws RangeError when the shapes do not fit or a value is not finite.
 */
export async function energyDistance(x: Tensor, y: Tensor): Promise<number> {
  const [a, b] = await pairOf('energyDistance', x, y)
  return 2 * meanOverPairs(a, b, Math.sqrt) - meanOverPairs(a, a, Math.sqrt) - meanOverPairs(b, b, Math.sqrt)
}

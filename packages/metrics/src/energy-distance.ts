import type { LongCallOptions, Tensor } from '@sgm/tensor'
import { checkLongCall, optionsOf } from '@sgm/tensor/check'
import { meansOverPairs, pairOf } from './rows'

/** Options of {@link energyDistance}. */
export interface EnergyDistanceOptions extends LongCallOptions {}

/**
 * The energy distance between two samples, 2 E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖: 0 only between equal distributions, and without
 * a parameter. Unbiased, so that it is around 0, on either side, when both come from one distribution.
 *
 * Székely and Rizzo 2013, "Energy statistics". Costs n² distances.
 *
 * @param x `[n, ...D]`
 * @param y `[m, ...D]`
 * @throws RangeError when the shapes do not fit or a value is not finite. The signal's reason, when it ends the call.
 * @example
 * const samples = normal(key(0), [200, 2])
 * const data = twoMoons(key(1), 200)
 * await energyDistance(samples, data)
 */
export async function energyDistance(
  x: Tensor,
  y: Tensor,
  options: EnergyDistanceOptions = {},
): Promise<number> {
  const [a, b] = await pairOf('energyDistance', x, y)
  checkLongCall('energyDistance', optionsOf('energyDistance', options, { signal: true, onProgress: true }))
  const { within, between } = await meansOverPairs(a, b, Math.sqrt, options)
  return 2 * between - within
}

import { checkAtLeast, checkFunctions } from '@sgm/tensor/check'

/** The learning rate of step 1, 2, … */
export type RateSchedule = (step: number) => number

/**
 * A rate that rises linearly from 0 to `rate` over the first `steps` steps and stays: rate · min(step / steps, 1),
 * as in the reference training of Song et al. (2021), Appendix C.
 *
 * @param rate >= 0, or a schedule to multiply.
 * @param steps >= 0.
 * @throws RangeError when a number is out of range. TypeError when the rate is neither a number nor a function.
 * @example
 * warmUp(2e-4, 5000)(2500) // → 0.0001
 */
export function warmUp(rate: number | RateSchedule, steps: number): RateSchedule {
  checkAtLeast('warmUp', { steps }, 0)
  if (typeof rate === 'number') checkAtLeast('warmUp', { rate }, 0)
  else checkFunctions('warmUp', { rate })
  const base = typeof rate === 'function' ? rate : () => rate
  if (steps === 0) return base
  return (step) => {
    const full = base(step)
    checkAtLeast('warmUp', { rate: full }, 0)
    return full * Math.min(step / steps, 1)
  }
}

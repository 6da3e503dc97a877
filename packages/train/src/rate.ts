import { checkAtLeast, checkFinite, checkFunctions, checkPositive } from '@sgm/tensor/check'

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
    checkFinite('warmUp', { step })
    const full = base(step)
    checkAtLeast('warmUp', { rate: full }, 0)
    return full * Math.min(step / steps, 1)
  }
}

/**
 * A rate that stays for the first steps and then falls as the root of the step: rate / √max(step / after, 1), as EDM2 does
 * (Karras et al. 2024, "Analyzing and improving the training dynamics of diffusion models", section 2.2). It does not ask how
 * long a run is to be.
 *
 * @param rate >= 0.
 * @param after Steps until it falls, > 0.
 * @throws RangeError when a number is out of range.
 * @example
 * inverseRootDecay(1e-2, 1000)(4000) // → 0.005
 */
export function inverseRootDecay(rate: number, after: number): RateSchedule {
  checkAtLeast('inverseRootDecay', { rate }, 0)
  checkPositive('inverseRootDecay', { after })
  return (step) => {
    checkFinite('inverseRootDecay', { step })
    return rate / Math.sqrt(Math.max(step / after, 1))
  }
}

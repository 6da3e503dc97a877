import { expected } from '@sgm/tensor'

/** The learning rate of step 1, 2, … */
export type RateSchedule = (step: number) => number

/**
 * A rate that rises linearly from 0 to `rate` over the first `steps` steps and stays: rate · min(step / steps, 1),
 * as in the reference training of Song et al. (2021), Appendix C.
 */
export function warmUp(rate: number | RateSchedule, steps: number): RateSchedule {
  if (!(steps >= 0)) throw expected('warmUp', 'steps >= 0', steps)
  const base = typeof rate === 'function' ? rate : () => rate
  return (step) => base(step) * (steps === 0 ? 1 : Math.min(step / steps, 1))
}

import { type LinearSDE, rectifiedFlow } from '@sgm/sde'
import { optionsOf } from '@sgm/tensor/check'
import { type ProcessTimesOptions, processTimes } from '../times'
import type { Loss } from '../types'
import { flowWeighting } from '../weighting'
import { sdeDenoising } from './sde-denoising'

/** Options of {@link flowMatching}. */
export interface FlowMatchingOptions extends ProcessTimesOptions {
  /** @default `rectifiedFlow()` */
  readonly process?: LinearSDE
}

/**
 * Flow matching, ‖u(x_t, t) − (α̇x + σ̇z)‖² with t uniform (Lipman et al. 2022, "Flow matching for generative modeling",
 * equation 9; rectified flow: Liu et al. 2022, equation 1).
 *
 * Takes a score as every loss does, and compares its flow u = fx − ½g²s: that is denoising with λ = g⁴/4. A network that
 * predicts u itself is trained as `flowPrediction.score(network, process)`.
 *
 * @throws RangeError unless `cutOff` lies in the process's interval.
 * @example
 * const loss = flowMatching({ process: rectifiedFlow() })
 */
export function flowMatching(options: FlowMatchingOptions = {}): Loss {
  const { process = rectifiedFlow(), ...rest } = optionsOf('flowMatching', options, {
    process: true,
    stratified: true,
    cutOff: true,
  })
  processTimes('flowMatching', { process, ...rest })
  return sdeDenoising({ process, ...rest, weighting: flowWeighting })
}

import { checkLinearSde, type LinearSDE, rectifiedFlow } from '@sgm/sde'
import { expected } from '@sgm/tensor'
import { checkFinite, checkFlags, optionsOf } from '@sgm/tensor/check'
import type { Loss } from '../types'
import { flowWeighting } from '../weighting'
import { sdeDenoising } from './sde-denoising'

/** Options of {@link flowMatching}. */
export interface FlowMatchingOptions {
  /** @default `rectifiedFlow()` */
  readonly process?: LinearSDE
  /** Spread the times of a batch evenly. @default false */
  readonly stratified?: boolean
  /** Smallest time, in the interval of the process. @default `process.cutOffs.train` */
  readonly cutOff?: number
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
  const { process = rectifiedFlow(), stratified = false } = optionsOf('flowMatching', options)
  checkLinearSde('flowMatching', process)
  const { cutOff = process.cutOffs.train } = options
  checkFinite('flowMatching', { cutOff })
  checkFlags('flowMatching', { stratified })
  const [start, end] = process.interval
  if (!(cutOff >= start && cutOff < end))
    throw expected('flowMatching', `cutOff in [${start}, ${end})`, cutOff)
  return sdeDenoising({ process, weighting: flowWeighting, stratified, cutOff })
}

import { checkLinearSde, type LinearSDE } from '@sgm/sde'
import { checkFinite } from '@sgm/tensor/check'

/** λ(t) >= 0: the weight of E‖s − ∇log p_{0t}‖² at time t, for data that start at time 0. */
export type Weighting = (process: LinearSDE, t: number) => number

/**
 * λ = σ²: every noise level counts the same, and the loss is E‖σs + z‖² (Song et al. 2021, section 3.3).
 *
 * @example
 * balanced(edm(), 0.5) // → 0.25
 */
export const balanced: Weighting = (process, t) => {
  checkAsked('balanced', process, t)
  return process.marginal(t).sigma ** 2
}

/**
 * λ = g²: half the loss, and terms without the score, bound −log p (Song, Durkan et al. 2021, theorem 1).
 *
 * @example
 * likelihoodWeighting(vp(), 1) // → 20
 */
export const likelihoodWeighting: Weighting = (process, t) => {
  checkAsked('likelihoodWeighting', process, t)
  return process.diffusion(t) ** 2
}

/**
 * λ = g⁴/4: the squared error of the probability flow fx − ½g²s, which flow matching minimises.
 *
 * @example
 * const loss = sdeDenoising({ process: vp(), weighting: flowWeighting })
 */
export const flowWeighting: Weighting = (process, t) => {
  checkAsked('flowWeighting', process, t)
  return process.diffusion(t) ** 4 / 4
}

function checkAsked(where: string, process: LinearSDE, t: number): void {
  checkLinearSde(where, process)
  checkFinite(where, { t })
}

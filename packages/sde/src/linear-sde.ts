import { checkFunctions, checkStrings, objectOf, optionsOf } from '@sgm/tensor/check'
import { numeric } from './check-process'
import { closedForm, type LinearSdeOptions, MARGINAL } from './closed-form'
import { type Dual, differentiate } from './dual'
import { karrasGrid } from './grids/karras'
import type { LinearSDE, Marginal } from './types'

/**
 * Makes a linear forward process dx = f(t) x dt + g(t) dw of its closed-form marginals
 * p(x_t | x_0) = N(α(t) x_0, σ(t)² I), where f = d ln α/dt and g² = dσ²/dt − 2fσ².
 *
 * @throws RangeError when an option is out of its range, or a time is later asked for outside the interval.
 * @example
 * const process = linearSde({
 *   marginal: (m, t) => ({
 *     alpha: m.exp(m.neg(t)),
 *     sigma: m.sqrt(m.neg(m.expm1(m.mul(t, -2)))),
 *   }),
 * })
 * process.drift(0.5) // → -1
 */
export function linearSde(options: LinearSdeOptions): LinearSDE {
  const { name = 'linearSde' } = optionsOf('linearSde', options, {
    cutOffs: true,
    grid: true,
    marginal: true,
    drift: true,
    diffusion: true,
    interval: true,
    priorSigma: true,
    name: true,
  })
  checkStrings('linearSde', { name })
  checkFunctions('linearSde', { marginal: options.marginal })
  const at = (t: number) => objectOf(name, differentiate(options, t), MARGINAL)
  const { drift = driftOf(at), diffusion = diffusionOf(at), grid = karrasGrid() } = options
  checkFunctions(name, { drift, diffusion })
  return closedForm({
    ...options,
    drift: numeric(name, 'drift', drift),
    diffusion: numeric(name, 'diffusion', diffusion),
    grid,
    name,
  })
}

/** α and σ with their derivatives by t. */
type Derivatives = (t: number) => Marginal<Dual>

const driftOf =
  (at: Derivatives) =>
  (t: number): number => {
    const { alpha } = at(t)
    return alpha.derivative / alpha.value
  }

const diffusionOf =
  (at: Derivatives) =>
  (t: number): number => {
    const { alpha, sigma } = at(t)
    const growth = sigma.derivative - (alpha.derivative / alpha.value) * sigma.value
    return Math.sqrt(Math.max(0, 2 * sigma.value * growth))
  }

import { add, cast, clip, div, exp, floor, gather, log, mul, neg, sqrt, sub, type Tensor, tensor, tidy } from '@sgm/tensor' // biome-ignore format: names
import { checkFunctions, checkLists, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { checkTimes, within } from './check-process'
import type { ProcessOptions } from './closed-form'
import { withCutOffs } from './cut-offs'
import { karrasGrid } from './grids/karras'
import { gaussianPrior } from './prior'
import type { LinearSDE, Marginal } from './types'

/** Options of {@link tabulatedVp}. */
export interface TabulatedVpOptions extends ProcessOptions {
  /** ᾱ₀ >= ᾱ₁ >= … of the steps, in (0, 1), at least two: ᾱ_i is the product of 1 − β_j up to i. */
  readonly alphasCumprod: readonly number[]
  /** Standard deviation of the prior. @default 1 */
  readonly priorSigma?: number
}

/** Below every time that float32 tells from 0 by its noise. */
const smallest = 1e-20

/**
 * Makes the variance-preserving process of a table of a discrete diffusion: α² = ᾱ_i and σ² = 1 − ᾱ_i at time t = i + 1, and
 * λ = ln(α/σ) linear in t between the steps; up to the first step σ²/α² is proportional to t. The interval is [0, N] for N steps,
 * prior N(0, I); runs, likelihoods and training stop at t = 1, the first step.
 *
 * With λ′ of the piece that ends at t, f = σ²λ′ and g² = −2σ²λ′.
 *
 * Ho et al. 2020, "Denoising diffusion probabilistic models", section 2; Kingma et al. 2021, "Variational diffusion models",
 * section 3, for what depends on λ alone.
 *
 * @throws RangeError unless there are two values or more that fall in (0, 1), or when an option is out of its range.
 * @example
 * const process = tabulatedVp({ alphasCumprod: [0.9, 0.5, 0.1] })
 * process.marginal(2).alpha ** 2 // → 0.5
 */
export function tabulatedVp(options: TabulatedVpOptions): LinearSDE {
  const {
    alphasCumprod,
    priorSigma = 1,
    grid = karrasGrid(),
  } = optionsOf('tabulatedVp', options, { cutOffs: true, grid: true, alphasCumprod: true, priorSigma: true })
  checkLists('tabulatedVp', { alphasCumprod })
  checkFunctions('tabulatedVp', { grid })
  checkPositive('tabulatedVp', { priorSigma })
  const falls = (a: number, i: number) => a > 0 && a < 1 && (i === 0 || a <= alphasCumprod[i - 1]!)
  if (alphasCumprod.length < 2 || !alphasCumprod.every(falls)) {
    throw expected('tabulatedVp', 'alphasCumprod to be two values or more that fall in (0, 1)', alphasCumprod)
  }
  const end = alphasCumprod.length
  const interval = [0, end] as const
  const cutOffs = withCutOffs(
    'tabulatedVp',
    { train: 1, sample: 1, likelihood: 1 },
    options.cutOffs,
    interval,
  )
  const lambdas = alphasCumprod.map((a) => 0.5 * (Math.log(a) - Math.log1p(-a)))
  const rises = lambdas.slice(1).map((lambda, i) => lambda - lambdas[i]!)
  /** The piece that ends at t, of those after the first step. */
  const piece = (t: number): number => Math.min(Math.max(Math.ceil(t) - 2, 0), end - 2)
  const at = (t: number): Marginal<number> => {
    if (t <= 0) return { alpha: 1, sigma: 0 }
    const i = piece(t)
    const lambda = t < 1 ? lambdas[0]! - 0.5 * Math.log(t) : lambdas[i]! + rises[i]! * (t - 1 - i)
    const alpha = 1 / Math.sqrt(1 + Math.exp(-2 * lambda))
    return { alpha, sigma: Math.exp(-lambda) * alpha }
  }
  /** σ² dλ/dt, finite at 0. */
  const drift = (t: number): number => {
    if (t > 1) return at(t).sigma ** 2 * rises[piece(t)]!
    const growth = Math.exp(-2 * lambdas[0]!)
    return -growth / (2 * (1 + growth * Math.max(t, 0)))
  }
  const checked = within('tabulatedVp', interval)
  return {
    interval,
    cutOffs,
    grid,
    drift: checked(drift),
    diffusion: checked((t) => Math.sqrt(Math.max(0, -2 * drift(t)))),
    marginal: checked(at),
    marginalAt: (t) => {
      checkTimes('tabulatedVp', t)
      return tidy(() => marginalOf(lambdas, rises, t))
    },
    prior: gaussianPrior(priorSigma),
  }
}

function marginalOf(lambdas: readonly number[], rises: readonly number[], t: Tensor): Marginal<Tensor> {
  const steps = sub(clip(t, 1, lambdas.length), 1)
  const index = cast(clip(floor(steps), 0, rises.length - 1), 'int32')
  const past = sub(steps, cast(index, 'float32'))
  const table = add(gather(tensor(lambdas), index), mul(gather(tensor(rises), index), past))
  const lambda = sub(table, mul(log(clip(t, smallest, 1)), 0.5))
  const ratio = exp(neg(lambda))
  const alpha = div(1, sqrt(add(mul(ratio, ratio), 1)))
  return { alpha, sigma: mul(ratio, alpha) }
}

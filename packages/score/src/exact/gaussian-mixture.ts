import type { LinearSDE, Marginal } from '@sgm/sde'
import { type Key, type Tensor, tidy } from '@sgm/tensor'
import {
  checkFinite,
  checkLists,
  checkMethods,
  checkShape,
  expected,
  isTensor,
  optionsOf,
} from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import { type Covariance, covarianceBasis, fullCovariance } from './covariance'
import {
  type Components,
  type DiagonalisedMixture,
  mixtureLogDensity,
  mixtureSample,
  mixtureScore,
} from './mixture'

/** What a density gives that is known exactly. Rows of x may have any shape `D` of d numbers. */
export interface ExactTarget {
  /** d. */
  readonly dims: number
  /** ln p(x) in nats: `[B, ...D]` → `[B]`. May be traced and differentiated. */
  logDensity(x: Tensor): Tensor
  /** ∇ₓ ln p(x): `[B, ...D]` → `[B, ...D]`. A time given beside x is ignored. */
  score(x: Tensor, t?: Tensor): Tensor
  /** `[n, d]` draws; row i depends on (key, i) only. */
  sample(key: Key, n: number): Tensor
  /** The same three for the marginal p_t of a forward process started at this density, at any time t. */
  diffused(process: LinearSDE): DiffusedTarget
}

/** The marginals p_t of a forward process. Times are a tensor `[B]`, or one number for all rows. */
export interface DiffusedTarget {
  /** ln p_t(x): `[B, ...D]` → `[B]`. */
  logDensity(x: Tensor, t: Tensor | number): Tensor
  /** ∇ₓ ln p_t(x): a {@link ScoreFunction}. */
  score(x: Tensor, t: Tensor | number): Tensor
  /** `[n, d]` draws of p_t; row i depends on (key, i) only. */
  sample(key: Key, n: number, t: Tensor | number): Tensor
}

/** A Gaussian mixture p = Σ_k w_k N(μ_k, Σ_k), its parameters and moments in float64. */
export interface GaussianMixture extends ExactTarget, Components {
  /** E x. */
  readonly mean: readonly number[]
  /** E (x − E x)(x − E x)ᵀ. */
  readonly covariance: readonly (readonly number[])[]
  /** The mixture of αx + σz: at one noise level, again a Gaussian mixture. */
  noised(level: Partial<Marginal<number>>): GaussianMixture
}

/** Options of {@link gaussianMixture}. */
export interface GaussianMixtureOptions {
  /** One number > 0 a component; divided by their sum. @default all equal */
  readonly weights?: readonly number[]
  /** The components' means. @default (−5, −5) and (5, 5) */
  readonly means?: readonly (readonly number[])[]
  /** The components' covariances, each a number, a diagonal or a matrix. @default the identity */
  readonly covariances?: readonly Covariance[]
}

/**
 * A Gaussian mixture with full covariances whose log-density, score, samples and moments are exact, as they are
 * for its marginals under every linear SDE: p_t = Σ_k w_k N(αμ_k, α²Σ_k + σ²I).
 *
 * Without options: ⅕ N((−5, −5), I) + ⅘ N((5, 5), I), the example of Song and Ermon 2019, figure 2. A singular
 * covariance (data on a plane) is allowed; its density exists only where there is noise.
 *
 * @throws RangeError when the numbers of weights, means and covariances differ, a weight is not positive, or a
 * covariance is not symmetric and positive semi-definite.
 * @example
 * const { score, sample } = gaussianMixture({
 *   means: [
 *     [-5, -5],
 *     [5, 5],
 *   ],
 *   weights: [1, 4],
 * }).diffused(vp())
 * sample(key(0), 64, 0.5).shape // → [64, 2]
 */
export function gaussianMixture(options: GaussianMixtureOptions = {}): GaussianMixture {
  return namedMixture('gaussianMixture', options)
}

/** {@link gaussianMixture} for messages of `where`. */
export function namedMixture(where: string, options: GaussianMixtureOptions): GaussianMixture {
  const { means = ARTICLE_MEANS } = optionsOf(where, options, {
    weights: true,
    means: true,
    covariances: true,
  })
  checkLists(where, { means })
  const { weights = options.means ? means.map(() => 1) : [0.2, 0.8] } = options
  const { covariances = means.map(() => 1) } = options
  checkLists(where, { weights, covariances })
  const dims = Array.isArray(means[0]) ? means[0].length : 0
  const isMean = (m: unknown) => Array.isArray(m) && m.length === dims && m.every(Number.isFinite)
  if (dims < 1 || !means.every(isMean)) {
    throw expected(where, 'means of one length >= 1, all finite', means)
  }
  if (weights.length !== means.length || !weights.every((w) => Number.isFinite(w) && w > 0)) {
    throw expected(where, `${means.length} weights > 0`, weights)
  }
  if (covariances.length !== means.length) {
    throw expected(where, `${means.length} covariances`, covariances.length)
  }
  const total = weights.reduce((a, b) => a + b, 0)
  return fromComponents(where, {
    weights: weights.map((w) => w / total),
    means,
    covariances: covariances.map((c) => fullCovariance(where, c, dims)),
  })
}

const ARTICLE_MEANS = [
  [-5, -5],
  [5, 5],
]

/** A mixture of full covariances, for messages of `where`. */
export function fromComponents(where: string, { weights, means, covariances }: Components): GaussianMixture {
  const dims = means[0]!.length
  const diagonalised: DiagonalisedMixture = {
    where,
    weights,
    means,
    bases: covariances.map((c) => covarianceBasis(where, c)),
  }
  const mean = means[0]!.map((_, i) => weights.reduce((s, w, k) => s + w * means[k]![i]!, 0))
  const covariance = mean.map((_, i) =>
    mean.map((_, j) =>
      weights.reduce((s, w, k) => {
        const [m, c] = [means[k]!, covariances[k]!]
        return s + w * (c[i]![j]! + (m[i]! - mean[i]!) * (m[j]! - mean[j]!))
      }, 0),
    ),
  )
  return {
    dims,
    weights,
    means,
    covariances,
    mean,
    covariance,
    logDensity: (x) => mixtureLogDensity(diagonalised, x, CLEAN),
    score: (x) => mixtureScore(diagonalised, x, CLEAN),
    sample: (key, n) => mixtureSample(diagonalised, key, n, CLEAN),
    diffused: (process) => {
      checkMethods(where, { process }, 'marginal', 'marginalAt')
      const at = (t: Tensor | number) => (isTensor(t) ? process.marginalAt(t) : process.marginal(t))
      const of = (x: Tensor, t: Tensor | number) => {
        if (isTensor(t)) checkAt(where, x, t)
        return at(t)
      }
      return {
        logDensity: (x, t) => tidy(() => mixtureLogDensity(diagonalised, x, of(x, t))),
        score: (x, t) => tidy(() => mixtureScore(diagonalised, x, of(x, t))),
        sample: (key, n, t) =>
          tidy(() => {
            if (isTensor(t) && t.size !== 1) checkShape(where, 't', t.shape, [n])
            return mixtureSample(diagonalised, key, n, at(t))
          }),
      }
    },
    noised(level) {
      const { alpha = 1, sigma = 0 } = optionsOf(where, level, { alpha: true, sigma: true })
      checkFinite(where, { alpha, sigma })
      return fromComponents(where, {
        weights,
        means: means.map((m) => m.map((v) => alpha * v)),
        covariances: covariances.map((c) =>
          c.map((row, i) => row.map((v, j) => alpha ** 2 * v + (i === j ? sigma ** 2 : 0))),
        ),
      })
    },
  }
}

const CLEAN = { alpha: 1, sigma: 0 }

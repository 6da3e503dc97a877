import { gaussianMixture } from '@sgm/score'
import { type LinearSDE, vp } from '@sgm/sde'
import { dispose, key, tensor } from '@sgm/tensor'
import { normalCdf } from '../annealing/normal-cdf'
import { type RunOptions, sample } from '../run'
import type { Sampler } from '../types'

const [weights, means, deviations] = [
  [0.4, 0.6],
  [-0.8, 1],
  [0.6, 0.5],
] as const

const target = gaussianMixture({
  weights: [...weights],
  means: means.map((mean) => [mean]),
  covariances: deviations.map((deviation) => deviation ** 2),
})

/** Distribution function at time t of a mixture of two normal laws. */
function cdf(process: LinearSDE, t: number, x: number): number {
  const { alpha, sigma } = process.marginal(t)
  return weights.reduce(
    (sum, weight, k) =>
      sum + weight * normalCdf((x - alpha * means[k]!) / Math.hypot(alpha * deviations[k]!, sigma)),
    0,
  )
}

/** Where the probability flow in one dimension takes x from time t to time s: to the quantile it was at. */
export function quantileFlow(process: LinearSDE, t: number, s: number, x: number): number {
  const level = cdf(process, t, x)
  let [low, high] = [-30, 30]
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2
    if (cdf(process, s, middle) < level) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Quantiles at which runs start: 0.07, 0.38, 0.69 and 0.95. */
const starts = [-1.5, -0.3, 0.5, 1.7]

/**
 * Root mean square of the error of a sampler over the flow of a mixture in one dimension, from the end of the
 * VP process down to `end`. Float32 arithmetic adds some 1e-6.
 */
export async function flowError(
  sampler: Sampler,
  steps: number,
  {
    process = vp(),
    end = 0.05,
    ...options
  }: { process?: LinearSDE; end?: number } & Partial<RunOptions> = {},
): Promise<number> {
  const x = tensor(starts.map((start) => [start * process.prior.sigma]))
  const problem = { process, ...target.diffused(process) }
  const y = await sample(problem, sampler, { key: key(0), x, steps, end, denoise: 'none', ...options })
  const squares = Array.from(
    await y.data(),
    (value, i) =>
      (value - quantileFlow(process, process.interval[1], end, starts[i]! * process.prior.sigma)) ** 2,
  )
  dispose([x, y])
  return Math.sqrt(squares.reduce((a, b) => a + b) / squares.length)
}

/** Order p of a {@link flowError} that falls as 2^{−p} from `steps` to twice as many. */
export async function measuredOrder(sampler: Sampler, steps: number): Promise<number> {
  const [coarse, fine] = [await flowError(sampler, steps), await flowError(sampler, 2 * steps)]
  return Math.log2(coarse / fine)
}

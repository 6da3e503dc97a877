import { type Sampler, trajectory } from '@sgm/samplers'
import { type GaussianMixture, gaussianMixture, type Score } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { exp, type Key, tensor, tidy } from '@sgm/tensor'
import { contours, type Figure, type FigureOptions, figure, grid, type Mark, scatter } from '@sgm/viz'
import type { Tools } from '../program'
import type { Fact } from '../spec'
import { plane } from './pictures'

export const EXTENT = 2.5
const map = grid({ x: [-EXTENT, EXTENT], size: 65 })

/** Two modes of the plane, a fifth and four fifths. */
export const toy = gaussianMixture({
  weights: [0.2, 0.8],
  means: [
    [-1, -1],
    [1, 1],
  ],
  covariances: [0.06, 0.06],
})

export const under = async (target: Pick<GaussianMixture, 'logDensity'>): Promise<Mark> => {
  const density = tidy(() => exp(target.logDensity(tensor(map.points, map.shape))))
  try {
    return await contours(map, density)
  } finally {
    density.dispose()
  }
}

/** Points over a density. */
export function cloud(
  below: Mark | Promise<Mark>,
  points: Float32Array,
  options: FigureOptions = {},
  above: readonly Promise<Mark>[] = [],
): Promise<Figure> {
  const marks = [
    below,
    scatter({ values: points, shape: [points.length / 2, 2] }, { color: 1, radius: 1.5, opacity: 0.5 }),
  ]
  return figure([...marks, ...above], { ...plane(EXTENT), ...options })
}

/** Where points are during a run. */
export interface Moment {
  readonly points: Float32Array
  readonly progress: number
  readonly evaluations: number
  readonly t: number
}

interface CloudRun {
  readonly process: LinearSDE
  readonly score: Score
  readonly sampler: Sampler
  readonly key: Key
  readonly count: number
  readonly steps?: number
  readonly compile: Tools['compile']
}

/** Runs a sampler for points of the plane. */
export async function* sampled({
  process,
  score,
  sampler,
  key,
  count,
  steps,
  compile,
}: CloudRun): AsyncGenerator<Moment> {
  const options = { key, shape: [count, 2], ...(steps !== undefined && { steps }), ...compile }
  const [from, to] = [process.interval[1], process.cutOffs.sample]
  for await (const { x, t, index, evaluations } of trajectory({ process, score }, sampler, options)) {
    const progress = steps === undefined ? (from - t) / (from - to) : index / steps
    yield { points: Float32Array.from(await x.data()), progress, evaluations, t }
  }
}

/** Mean and variance of one coordinate. */
export function momentsOf(points: Float32Array, axis: 0 | 1 = 0): readonly [mean: number, variance: number] {
  const values = points.filter((_, i) => i % 2 === axis)
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return [mean, values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length]
}

/** The share of points at the heavy mode of {@link toy}, and the variance, beside the true ones. */
export function toyFacts(points: Float32Array): Fact[] {
  const heavy = points.filter((_, i) => i % 2 === 0 && points[i]! + points[i + 1]! > 0).length
  return [
    {
      name: 'weight',
      label: { en: 'Share at the heavy mode', ko: '큰 봉우리의 비율' },
      value: (2 * heavy) / points.length,
      truth: 0.8,
    },
    {
      name: 'variance',
      label: { en: 'Variance of x₁', ko: 'x₁의 분산' },
      value: momentsOf(points)[1],
      truth: toy.covariance[0]![0]!,
    },
  ]
}

export const evaluationsFact = (value: number): Fact => ({
  name: 'evaluations',
  label: { en: 'Score evaluations', ko: '스코어 평가 횟수' },
  value,
  digits: 0,
})

import { eulerMaruyama, odeHeun, type Sampler, trajectory } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { type LinearSDE, simulateExact, uniformGrid } from '@sgm/sde'
import { dispose, exp, key, tensor, tidy } from '@sgm/tensor'
import { curve, densityEvolution, type Figure, figure, grid, histogram, paths, rule } from '@sgm/viz'
import type { Tools } from '../program'
import type { Fact } from '../spec'
import { pictureWords } from './pictures'

const COUNT = 1500
const PATHS = 14
export const STEPS = 160

/** Two narrow modes, a fifth and four fifths. */
export const data = gaussianMixture({ weights: [0.2, 0.8], means: [[-1], [1]], covariances: [0.04, 0.04] })

/** States of many paths, in the order of their times. */
export interface Walk {
  readonly times: readonly number[]
  readonly states: readonly Float32Array[]
}

/** Data noised step by step. */
export async function noised(process: LinearSDE): Promise<Walk> {
  const times = uniformGrid()(process, { steps: STEPS, end: process.cutOffs.sample }).toReversed()
  const x = data.sample(key(0), COUNT)
  const states = simulateExact(process, x, { key: key(1), times })
  try {
    return {
      times,
      states: await Promise.all(states.map(async (state) => Float32Array.from(await state.data()))),
    }
  } finally {
    dispose([x, ...states])
  }
}

/** Noise made data by the reverse SDE or the probability-flow ODE. */
export async function* denoised(
  process: LinearSDE,
  way: 'sde' | 'ode',
  { compile }: Pick<Tools, 'compile'>,
): AsyncGenerator<Walk> {
  const problem = { process, score: data.diffused(process).score }
  const sampler: Sampler = way === 'sde' ? eulerMaruyama() : odeHeun()
  const x = process.prior.sample(key(2), [COUNT, 1])
  const times: number[] = []
  const states: Float32Array[] = []
  try {
    const options = {
      key: key(3),
      x,
      steps: STEPS,
      times: uniformGrid(),
      denoise: 'none',
      ...compile,
    } as const
    for await (const point of trajectory(problem, sampler, options)) {
      times.push(point.t)
      states.push(Float32Array.from(await point.x.data()))
      yield { times, states }
    }
  } finally {
    x.dispose()
  }
}

/** The density over time; the same for every walk of a process. */
export async function evolution(process: LinearSDE) {
  const extent = extentOf(process)
  const [, end] = process.interval
  const map = grid({ x: [process.cutOffs.sample, end], y: [-extent, extent], size: [81, 81] })
  const { logDensity } = data.diffused(process)
  const density = tidy(() => exp(logDensity(tensor(map.ys, [map.ys.length, 1]), tensor(map.xs))))
  try {
    return await densityEvolution(map, density, { normalize: true, colorbar: false })
  } finally {
    density.dispose()
  }
}

/** Paths of some of the points over the density. */
export function drawnPaths(
  under: Awaited<ReturnType<typeof evolution>>,
  walks: Readonly<Record<string, Walk>>,
  time: number,
  { say }: Pick<Tools, 'say'>,
): Promise<Figure> {
  const marks = Object.entries(walks).map(([label, { times, states }], i) =>
    paths(
      states.map((state) => ({ values: state.slice(0, PATHS), shape: [PATHS, 1] })),
      { times, label, color: i + 1, strokeWidth: 1.1, opacity: 0.9 },
    ),
  )
  return figure([under, ...marks, rule({ x: time })], { x: say(pictureWords.time), y: 'x', aspect: 0.9 })
}

/** How the points lie at one time, under the true density. */
export async function drawnAt(
  process: LinearSDE,
  walks: Readonly<Record<string, Walk>>,
  time: number,
  { say }: Pick<Tools, 'say'>,
): Promise<Figure> {
  const { alpha, sigma } = process.marginal(time)
  const domain = [-extentOf(process), extentOf(process)] as const
  const marks = Object.entries(walks).map(([label, walk], i) =>
    histogram(walk.states[nearest(walk, time)]!, { domain, bins: 44, density: true, label, color: i + 1 }),
  )
  const peak = (0.8 / Math.sqrt(2 * Math.PI * (0.04 * alpha ** 2 + sigma ** 2))) * 1.4
  return figure(
    [...marks, curve((x) => densityAt(process, x, time), { x: domain, label: 'pₜ', color: 0, samples: 240 })],
    {
      x: { label: 'x', domain },
      y: { label: say(pictureWords.density), domain: [0, peak] },
      title: `t = ${time.toFixed(2)}`,
      aspect: 0.9,
    },
  )
}

/** The deviation of points at a time beside that of p_t. */
export function deviation(
  process: LinearSDE,
  name: string,
  label: Fact['label'],
  walk: Walk,
  time: number,
): Fact {
  const at = nearest(walk, time)
  const { alpha, sigma } = process.marginal(walk.times[at]!)
  const points = walk.states[at]!
  const mean = points.reduce((a, b) => a + b, 0) / points.length
  const variance = points.reduce((sum, x) => sum + (x - mean) ** 2, 0) / points.length
  return {
    name,
    label,
    value: Math.sqrt(variance),
    truth: Math.sqrt(alpha ** 2 * data.covariance[0]![0]! + sigma ** 2),
  }
}

export function extentOf(process: LinearSDE): number {
  return Math.max(2.5, 2.6 * process.prior.sigma)
}

function nearest({ times }: Walk, time: number): number {
  return times.reduce((best, t, i) => (Math.abs(t - time) < Math.abs(times[best]! - time) ? i : best), 0)
}

function densityAt(process: LinearSDE, x: number, time: number): number {
  const { alpha, sigma } = process.marginal(time)
  const variance = 0.04 * alpha ** 2 + sigma ** 2
  const mode = (weight: number, mean: number) =>
    weight * Math.exp(-((x - alpha * mean) ** 2) / (2 * variance))
  return (mode(0.2, -1) + mode(0.8, 1)) / Math.sqrt(2 * Math.PI * variance)
}

import * as samplers from '@sgm/samplers'
import { type Problem, type RunOptions, type Sampler, sample } from '@sgm/samplers'
import { gaussian, gaussianMixture } from '@sgm/score'
import { type LinearSDE, vp } from '@sgm/sde'
import { dispose, type Key, key, type Shape, type Tensor, tensor, tidy } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, inject, it } from 'vitest'
import { isInNode, loops } from './on-webgpu.ts'
import { camelCase, samplerSources } from './sources.ts'

type Factory = (...options: unknown[]) => Sampler
const PLAIN_ROWS = 3
const all = Object.entries(samplerSources).map(([name, source]) => {
  const factory = (samplers as unknown as Record<string, Factory>)[camelCase(name)]!
  return { name, source, factory }
})

/** How a sampler whose error is not in the number of steps is refined: at fineness n its step is 1/n of the coarsest. */
const refinements: Record<string, (n: number) => [sampler: Sampler, options?: Partial<RunOptions>]> = {
  langevin: (n) => [samplers.langevin({ stepSize: 3 / n }), { steps: n }],
  'underdamped-langevin': (n) => [samplers.underdampedLangevin({ stepSize: 16 / n }), { steps: 2 * n }],
  'annealed-langevin': (n) => [
    samplers.annealedLangevin({ stepSize: 6 / n, stepsPerLevel: n }),
    { times: [1, 0.5, 0.5] },
  ],
  'predictor-corrector': (n) => [
    samplers.predictorCorrector(samplers.reverseDiffusion(), samplers.langevin({ stepSize: 1 / n })),
    { steps: n },
  ],
}

/** Those that take hundreds of steps of their own at their defaults, where a few tell as much. */
const short: Record<string, () => Sampler> = {
  'adaptive-sde': () => samplers.adaptiveSde({ tolerance: 0.5, initialStep: 0.2 }),
  'annealed-langevin': () => samplers.annealedLangevin({ stepsPerLevel: 3 }),
}

/** Those that end at the same point whatever the noise; but UniPC, which a time given twice makes evaluate what it has corrected. */
const deterministic = new Set(
  'ddim deis dpm-solver dpm-solver-plus-plus edm-heun ode-euler ode-heun ode-rk45'.split(' '),
)

const process: LinearSDE = vp()
const rows = 1000

/** Mean and variance, with nothing drawn, of a run that is affine in its start and in its noise. */
async function propagate(
  problem: Problem,
  sampler: Sampler,
  options: Partial<RunOptions>,
  start: { mean: number; variance: number },
): Promise<{ mean: number; variance: number }> {
  // each draw is a batch in which one row alone has a 1
  const drawn = new Map<string, number>()
  const normal = ({ words }: Key, shape: Shape): Tensor => {
    const name = words.join()
    if (!drawn.has(name)) drawn.set(name, drawn.size)
    const row = PLAIN_ROWS + drawn.get(name)!
    return tensor(
      Float32Array.from({ length: shape[0]! }, (_, i) => (i === row ? 1 : 0)),
      shape,
    )
  }
  const x = tensor(
    Float32Array.from({ length: 600 }, (_, i) => (i < PLAIN_ROWS ? i : 0)),
    [600, 1],
  )
  const end = await sample(problem, sampler, { key: key(3), x, normal, denoise: 'none', ...options })
  const [b, one, two, ...rest] = Array.from(await end.data()) as [number, number, number, ...number[]]
  dispose([x, end])
  const draws = drawn.size
  expect(draws).toBeLessThanOrEqual(600 - PLAIN_ROWS)
  const a = one - b
  expect(Math.abs(two - b - 2 * a)).toBeLessThan(1e-4 * Math.max(1, Math.abs(a)))
  const spread = rest.slice(0, draws).reduce((total, value) => total + (value - b) ** 2, 0)
  return { mean: a * start.mean + b, variance: a ** 2 * start.variance + spread }
}

async function moments(x: Tensor): Promise<{ mean: number[]; covariance: number[][] }> {
  const values = Array.from(await x.data())
  const [n, d] = x.shape as [number, number]
  const axes = Array.from({ length: d }, (_, j) => j)
  const mean = axes.map((j) => values.reduce((total, v, i) => (i % d === j ? total + v : total), 0) / n)
  const covariance = axes.map((j) =>
    axes.map((k) => {
      let total = 0
      for (let i = 0; i < n; i++) total += (values[i * d + j]! - mean[j]!) * (values[i * d + k]! - mean[k]!)
      return total / (n - 1)
    }),
  )
  return { mean, covariance }
}

/** Steps of a run that takes a second or so. */
function stepsOf({ defaults, evaluationsPerStep = 1 }: Sampler): number {
  return Math.max(10, Math.min(defaults?.steps ?? 200, 200, Math.floor(400 / evaluationsPerStep)))
}

// What samplers are is the same on every engine; in plain JavaScript they take four times as long as on WASM, and one of each kind is enough.
const kinds = ['euler-maruyama', 'ode-heun', 'ddim', 'langevin']
const here = inject('backend') === 'cpu' ? all.filter(({ name }) => kinds.includes(name)) : all

describe.each(here)('$name', ({ name, source, factory }) => {
  it('is a factory that works with no argument and says who it is', () => {
    expect(factory).toBeTypeOf('function')
    const sampler = factory()
    expect(sampler.name).toMatch(new RegExp(`^${camelCase(name)}`))
    expect(sampler.order).toBeGreaterThanOrEqual(1)
  })

  it('has the order of convergence that it declares', async () => {
    const { mean, variance } = { mean: 0.5, variance: 0.25 }
    const target = gaussian({ mean: [mean], covariance: variance })
    const problem = { process, ...target.diffused(process) }
    const lawAt = (t: number) => {
      const { alpha, sigma } = process.marginal(t)
      return { mean: alpha * mean, variance: alpha ** 2 * variance + sigma ** 2 }
    }
    const error = async (n: number): Promise<number> => {
      const [sampler, options = { steps: n }] = refinements[name]?.(n) ?? [factory()]
      const law = await propagate(problem, sampler, options, lawAt(1))
      const exact = lawAt((options.times as number[])?.at(-1) ?? process.cutOffs.sample)
      return Math.abs(law.mean - exact.mean) + Math.abs(law.variance - exact.variance)
    }
    const { order, evaluationsPerStep } = factory()
    if (evaluationsPerStep === undefined || order === Number.POSITIVE_INFINITY) return
    const rounding = 2e-5
    let n = order >= 2 ? 64 : 128
    let [coarse, fine] = [await error(n / 2), await error(n)]
    while (coarse < 4 * rounding && n > 8) {
      n /= 2
      ;[coarse, fine] = [await error(n / 2), coarse]
    }
    expect(coarse).toBeGreaterThan(4 * rounding)
    expect(Math.log2(coarse / fine)).toBeGreaterThan(order - 0.25)
  })

  it('spends the evaluations that it declares', async () => {
    const sampler = factory()
    if (sampler.evaluationsPerStep === undefined) return
    const problem = { process, ...gaussian().diffused(process) }
    const counts: number[] = []
    const count = 4
    const x = await sample(problem, sampler, {
      key: key(0),
      shape: [2, 2],
      steps: count,
      denoise: 'none',
      onProgress: ({ evaluations }) => counts.push(evaluations),
    })
    dispose(x)
    expect(counts.at(-1)! - counts[0]!).toBe((count - 1) * sampler.evaluationsPerStep)
  })

  it('reaches the moments of a mixture', async () => {
    const weights = [0.3, 0.7]
    const means = [
      [-1, -1],
      [1, 1],
    ]
    const covariances = [
      [0.5, 0.5],
      [
        [0.6, -0.2],
        [-0.2, 0.4],
      ],
    ]
    const target = gaussianMixture({ weights, means, covariances })
    const problem = { process, ...target.diffused(process) }
    const sampler = factory()
    const x = await sample(problem, sampler, { key: key(1), shape: [rows, 2], steps: stepsOf(sampler) })
    const { mean, covariance } = await moments(x)
    dispose(x)
    for (const i of [0, 1]) {
      const variance = target.covariance[i]![i]!
      expect(Math.abs(mean[i]! - target.mean[i]!)).toBeLessThan(5 * Math.sqrt(variance / rows))
      for (const j of [0, 1]) {
        const scale = Math.sqrt(variance * target.covariance[j]![j]!)
        expect(Math.abs(covariance[i]![j]! - target.covariance[i]![j]!)).toBeLessThan(
          5 * scale * Math.sqrt(2 / rows),
        )
      }
    }
  })

  it('gives the same samples from the same key at any batch size', async () => {
    const problem = { process, ...gaussianMixture().diffused(process) }
    const run = async (batch: number) => {
      const x = await sample(problem, (short[name] ?? factory)(), {
        key: key(2),
        shape: [batch, 2],
        steps: 4,
      })
      const values = Array.from(await x.data())
      dispose(x)
      return values
    }
    expect((await run(5)).slice(0, 4)).toEqual(await run(2))
    expect(isInNode(expect.getState().currentTestName)).toBe(loops.includes(name))
  })

  it('takes times that are given twice, or nearly so', async () => {
    const problem = { process, ...gaussian({ mean: [0.5], covariance: 0.25 }).diffused(process) }
    const run = async (times: readonly number[]) => {
      const x = tensor([[1.2], [-0.4]])
      const end = await sample(problem, factory(), { key: key(5), x, times, denoise: 'none' })
      const values = Array.from(await end.data())
      dispose([x, end])
      return values
    }
    const plain = await run([1, 0.5, 0.3, 0.1, 0.01])
    for (const times of [
      [1, 0.5, 0.5, 0.3, 0.1, 0.01],
      [1, 1, 0.5, 0.3, 0.3, 0.3, 0.1, 0.01, 0.01],
      [1, 0.5, 0.5 - 1e-8, 0.3, 0.3 - 1e-12, 0.1, 0.01],
    ]) {
      const values = await run(times)
      for (const [i, value] of values.entries()) {
        expect(Math.abs(value)).toBeLessThan(5)
        if (deterministic.has(name)) expect(Math.abs(value - plain[i]!)).toBeLessThan(1e-3)
      }
    }
  })

  it('leaves no tensor alive at its end, at an abort and at an error', async () => {
    const target = gaussian().diffused(process)
    const problem = { process, ...target }
    const options = { key: key(0), shape: [2, 2], steps: 3 }
    dispose(await expectNoLeaks(() => sample(problem, factory(), options)))
    for (const async of [false, true]) {
      for (let last = 1; last <= 5; last++) {
        const abort = new AbortController()
        let calls = 0
        const failing = (x: Tensor, t: Tensor): Tensor => {
          if (++calls === last) throw new Error('no score')
          if (calls === last - 1 && last === 5) abort.abort(new Error('no more'))
          return target.score(x, t)
        }
        await expectNoLeaks(async () => {
          const score = async ? async (x: Tensor, t: Tensor) => tidy(() => failing(x, t)) : failing
          const run = sample({ ...problem, score }, factory(), { ...options, steps: 6, signal: abort.signal })
          await expect(run).rejects.toThrow(last === 5 ? 'no more' : 'no score')
        })
      }
    }
  })

  it('refuses every numeric option that is not a number', () => {
    for (const [, option] of source.matchAll(/^ {2}readonly (\w+)\?: number$/gm)) {
      const attempts = [0, 1, 2].map((position) => {
        try {
          return factory(...new Array(position).fill(undefined), { [option!]: Number.NaN })
        } catch (error) {
          return error
        }
      })
      const message = expect.stringMatching(
        new RegExp(`^${camelCase(name)}: expected .*${option}.*, got .*NaN`),
      )
      expect(attempts).toContainEqual(expect.objectContaining({ name: 'RangeError', message }))
    }
  })
})

it('finds the samplers that draw on a GPU in Node', () => {
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(loops))
})

import { gaussianMixture } from '@sgm/score'
import { itoSde, type Process, uniformGrid, vp } from '@sgm/sde'
import { add, compile, dispose, key, mul, neg, normal, type Tensor, tensor, variable } from '@sgm/tensor'
import { type Executor, keepPrograms, reference } from '@sgm/tensor/compile'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, test } from 'vitest'
import { maskOperator, piGdm, projection, replacement } from '../conditioning'
import * as samplers from '../samplers'
import type { Problem, Sampler } from '../types'
import type { RunOptions } from './plan'
import { wait } from './steps'
import { sample, trajectory } from './trajectory'

const process = vp()
const exact = gaussianMixture().diffused(process)
const problem: Problem = { process, ...exact }
const options = { key: key(3), shape: [3, 2], steps: 4 } as const

/** The reference executor, which counts what it loads, runs and still holds. */
function counted() {
  const counts = { loaded: 0, runs: 0, alive: 0 }
  const executor: Executor = {
    name: 'counted',
    async load(...args) {
      const executable = await reference().load(...args)
      counts.loaded++
      counts.alive++
      return {
        ...executable,
        run: (...args) => {
          counts.runs++
          return executable.run(...args)
        },
        dispose: () => {
          counts.alive--
          return executable.dispose()
        },
      }
    },
  }
  return { counts, executor }
}

/** Runs with and without compiling: the largest difference, and what was loaded and run. */
async function both<P extends Process | undefined>(
  problem: Problem<P>,
  sampler: Sampler<P>,
  more: Partial<RunOptions<P>> = {},
) {
  const { counts, executor } = counted()
  const run = (compile?: Executor): Promise<Tensor> =>
    sample(problem, sampler, { ...options, ...more, ...(compile && { compile }) } as RunOptions<P>)
  return expectNoLeaks(async () => {
    const [plain, compiled] = [await run(), await run(executor)]
    const [wanted, got] = [await plain.data(), await compiled.data()]
    const error = Math.max(...Array.from(wanted, (value, i) => Math.abs(value - got[i]!)))
    expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(0.1)
    dispose([plain, compiled])
    expect(counts.alive).toBe(0)
    return { error, got, ...counts }
  })
}

describe('a compiled step', () => {
  test.each([
    // calls of the executor, and programs: the last step ends in a mean, and the first steps of some have no past
    ['eulerMaruyama', samplers.eulerMaruyama(), 4, 2],
    ['reverseDiffusion', samplers.reverseDiffusion(), 4, 2],
    ['milstein', samplers.milstein(), 4, 2],
    ['ancestral', samplers.ancestral(), 4, 2],
    ['ddim', samplers.ddim(), 4, 1],
    ['ddim with noise', samplers.ddim({ eta: 0.5 }), 4, 2],
    ['deis', samplers.deis(), 4, 3],
    ['dpmSolver', samplers.dpmSolver(), 4, 1],
    ['dpmSolverPlusPlus', samplers.dpmSolverPlusPlus(), 4, 2],
    ['dpmSolverPlusPlus with noise', samplers.dpmSolverPlusPlus({ order: 3, stochastic: true }), 4, 4],
    ['dpmSolverPlusPlus2s', samplers.dpmSolverPlusPlus2s(), 4, 2],
    ['edmHeun', samplers.edmHeun({ churn: 2 }), 4, 2],
    ['odeEuler', samplers.odeEuler(), 4, 1],
    ['odeHeun', samplers.odeHeun(), 4, 1],
    ['stochasticHeun', samplers.stochasticHeun(), 4, 1],
    ['stochasticRungeKutta', samplers.stochasticRungeKutta(), 4, 1],
    ['uniPc', samplers.uniPc(), 4, 3],
    ['consistentAnnealed', samplers.consistentAnnealed(), 4, 2],
    ['annealedLangevin', samplers.annealedLangevin({ stepsPerLevel: 3 }), 4, 2],
    ['langevin', samplers.langevin({ stepSize: 0.01 }), 4, 1],
    ['predictorCorrector', samplers.predictorCorrector(), 4, 2],
    [
      'predictorCorrector by the norms of the batch',
      samplers.predictorCorrector(
        samplers.reverseDiffusion(),
        samplers.langevin({ snr: 0.16, norm: 'batch' }),
      ),
      4,
      2,
    ],
    ['underdampedLangevin', samplers.underdampedLangevin(), 4, 2],
    ['mala', samplers.mala(), 4, 2],
    ['hmc', samplers.hmc({ leapfrogSteps: 3 }), 4, 2],
  ] as const)('of %s is one call, and gives what it gives without', async (_, sampler, runs, programs) => {
    const found = await both(problem, sampler)
    expect(found.error).toBeLessThan(1e-5)
    expect([found.runs, found.loaded]).toEqual([runs, programs])
  })

  test('of an adaptive sampler is a call for each time that it reads errors', async () => {
    let tries = 0
    const onProgress: RunOptions['onProgress'] = ({ stats }) => {
      tries = stats.iterations!
    }
    const ode = await both(problem, samplers.odeRk45({ tolerance: 1e-3 }), { steps: 1, onProgress })
    expect(ode.error).toBeLessThan(1e-5)
    // Two evaluations for the first step size, and whether x is finite.
    expect([ode.runs, ode.loaded]).toEqual([tries + 3, 4])
    const sde = await both(problem, samplers.adaptiveSde({ tolerance: 0.1 }), { steps: 1, onProgress })
    expect(sde.error).toBeLessThan(1e-5)
    // Each reads its noise and its error.
    expect([sde.runs, sde.loaded]).toEqual([2 * tries + 1, 6])
  })

  test('has what combinators and guidance add to it', async () => {
    const { eulerMaruyama, predictorCorrector, reverseDiffusion, langevin } = samplers
    const near = (column: number, values: ArrayLike<number>, wanted: number, digits = 3): void => {
      for (let row = 0; row < 3; row++) expect(values[2 * row + column]).toBeCloseTo(wanted, digits)
    }
    const right = { runs: 4, loaded: 2, error: expect.toSatisfy((error: number) => error < 1e-5) }
    const [data, mask] = [tensor([[1, 2]]), tensor([[1, 0]])]
    const known = replacement(predictorCorrector(reverseDiffusion(), langevin({ snr: 0.1 })), { data, mask })
    const replaced = await both(problem, known)
    expect(replaced).toMatchObject(right)
    near(0, replaced.got, 1)
    const operator = maskOperator([0, 1])
    const onto = projection(eulerMaruyama(), { operator, observation: tensor([[0, 2]]) })
    const projected = await both(problem, onto)
    expect(projected).toMatchObject(right)
    near(1, projected.got, 2)
    // Of N(0, I) that is measured almost without noise nothing is left to chance.
    const normal = (x: Tensor): Tensor => neg(x)
    const score = piGdm(process, normal, { operator, observation: tensor([[0, 2]]), noise: 0.01 })
    const guided = await both({ process, score }, samplers.ddim(), { steps: 40 })
    expect(guided).toMatchObject({ ...right, runs: 40, loaded: 1 })
    near(1, guided.got, 2, 1)
  })

  test('may be of a process known by its coefficients, of a Markov chain, and of given noise', async () => {
    const sde = itoSde({ interval: [0, 1], drift: (x) => neg(x), diffusion: (x) => add(mul(x, 0.1), 1) })
    const x = normal(key(1), [3, 2])
    const end = await both({ process: sde, score: (x) => neg(x) }, samplers.milstein(), {
      x,
      shape: undefined as never,
    })
    expect(end.error).toBeLessThan(1e-5)
    dispose(x)
    // A step of Euler and Maruyama's from x, whose score is −x, is x (1 − β h/2) + √(β h) z, and ends in its mean.
    const start = tensor([[1, 2]])
    const given = await both({ process, score: (x) => neg(x) }, samplers.eulerMaruyama(), {
      x: start,
      shape: undefined as never,
      start: 1,
      end: 0.5,
      steps: 2,
      times: uniformGrid(),
      normal: () => tensor([[3, -1]]),
    })
    expect(given).toMatchObject({ runs: 2, loaded: 2 })
    expect(given.error).toBeLessThan(1e-5)
    const [first, second] = [1, 0.75].map((t) => ((0.1 + 19.9 * t) * 0.25) / 2)
    for (const [i, z] of [3, -1].entries()) {
      const moved = (i + 1) * (1 - first!) + Math.sqrt(2 * first!) * z
      expect(given.got[i]).toBeCloseTo(moved * (1 - second!), 4)
    }
    dispose(start)
  })

  test('may be of a compiled score, which is traced anew', async () => {
    const score = compile((x: Tensor, t: Tensor) => exact.score(x, t), { executor: reference() })
    const [again, own] = [
      await both({ process, score }, samplers.eulerMaruyama()),
      await both(problem, samplers.eulerMaruyama()),
    ]
    expect(again).toMatchObject({ runs: 4, loaded: 2 })
    expect(again.error).toBeLessThan(1e-5)
    expect([...again.got]).toEqual([...own.got])
    await score.dispose()
  })

  test('gives every point of a trajectory, and stops where x is not finite', async () => {
    const run = async (compile?: Executor): Promise<unknown[]> => {
      const seen: unknown[] = []
      const points = trajectory(problem, samplers.mala(), { ...options, ...(compile && { compile }) })
      for await (const { t, index, evaluations, stats, x } of points)
        seen.push(t, index, evaluations, stats, [...(await x.data())])
      return seen
    }
    expect(await run(counted().executor)).toEqual(await run())
    const diverging = { process, score: (x: Tensor) => mul(x, Infinity) }
    await expectNoLeaks(async () => {
      const end = sample(diverging, samplers.odeEuler(), { ...options, compile: counted().executor })
      await expect(end).rejects.toThrow(
        'sample: expected x to stay finite, got NaN or infinity after step 1 of 4',
      )
    })
  })

  test('ends at an abort and at an error, and holds nothing then', async () => {
    const { counts, executor } = counted()
    const stop = new AbortController()
    await expectNoLeaks(async () => {
      const aborted = sample(problem, samplers.eulerMaruyama(), {
        ...options,
        compile: executor,
        signal: stop.signal,
        onProgress: ({ index }) => index === 2 && stop.abort(new Error('enough')),
      })
      await expect(aborted).rejects.toThrow('enough')
    })
    expect(counts.alive).toBe(0)
    const failing = { ...problem, score: () => { throw new Error('no score') } } // biome-ignore format: a score
    await expectNoLeaks(async () => {
      await expect(sample(failing, samplers.odeHeun(), { ...options, compile: executor })).rejects.toThrow(
        'no score',
      )
    })
    expect(counts.alive).toBe(0)
  })

  test('shares programs with other runs where the executor keeps them, at one time too', async () => {
    const { counts, executor } = counted()
    const compile = keepPrograms(executor)
    const scale = variable(tensor([-1]))
    const problem = { process, score: (x: Tensor) => mul(x, scale) }
    const run = (more: object): Promise<Tensor[]> =>
      Promise.all([3, 4].map((seed) => sample(problem, samplers.eulerMaruyama(), { ...options, key: key(seed), ...more }))) // biome-ignore format: a run
    await expectNoLeaks(async () => {
      for (const value of [-1, -0.5]) {
        const next = tensor([value])
        scale.assign(next)
        const [plain, compiled] = [await run({}), await run({ compile })]
        for (const [i, x] of plain.entries()) {
          const [wanted, got] = [await x.data(), await compiled[i]!.data()]
          for (const [k, one] of wanted.entries()) expect(Math.abs(got[k]! - one)).toBeLessThan(1e-5)
        }
        expect(counts).toMatchObject({ loaded: 1, alive: 1 })
        dispose([next, plain, compiled])
      }
    })
    await compile.dispose()
    expect(counts.alive).toBe(0)
    scale.dispose()
  })

  test('is computed with seven others where programs are kept and nobody looks between them', async () => {
    const { counts, executor } = counted()
    const compile = keepPrograms(executor)
    const run = async (sampler: Sampler, more: Partial<RunOptions> = {}): Promise<number[]> => {
      const x = await sample(problem, sampler, { ...options, steps: 20, ...more })
      const values = [...(await x.data())]
      x.dispose()
      return values
    }
    await expectNoLeaks(async () => {
      for (const sampler of [samplers.eulerMaruyama(), samplers.deis(), samplers.annealedLangevin()]) {
        const [wanted, got] = [await run(sampler), await run(sampler, { compile })]
        for (const [i, value] of wanted.entries()) expect(Math.abs(got[i]! - value)).toBeLessThan(1e-5)
      }
      const { loaded, runs } = counts
      await run(samplers.eulerMaruyama(), { compile })
      // 8, 8 and the last 4
      expect([counts.loaded, counts.runs]).toEqual([loaded, runs + 3])
      const seen: number[] = []
      await run(samplers.eulerMaruyama(), { compile, onProgress: ({ index }) => seen.push(index) })
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
      expect(counts.runs).toBe(runs + 23)
      const diverging: Sampler = {
        name: 'diverging',
        order: 1,
        // biome-ignore lint/correctness/useYield: it needs no score
        *step(_, { x, index }) {
          return { x: mul(x, index < 10 ? 1 : 1e30) }
        },
      }
      // 1 · 10³⁰ · 10³⁰ is beyond float32.
      await expect(run(diverging, { compile })).rejects.toThrow('NaN or infinity after step 12 of 20')
    })
    await compile.dispose()
    expect(counts.alive).toBe(0)
  })

  test('keeps a few programs, however many there could be', async () => {
    const { counts, executor } = counted()
    let most = 0
    const wider: Sampler = {
      name: 'wider',
      order: 1,
      // biome-ignore lint/correctness/useYield: it needs no score
      *step(_, { x, index }) {
        most = Math.max(most, counts.alive)
        let y = x
        for (let i = 0; i < index; i++) y = mul(y, 1)
        return { x: add(y, 0) }
      },
    }
    dispose(await sample(problem, wider, { ...options, steps: 20, compile: executor }))
    expect([counts.loaded, most, counts.alive]).toEqual([20, 16, 0])
  })

  test('computes long steps in parts', async () => {
    const { error, runs, loaded } = await both(problem, samplers.annealedLangevin({ stepsPerLevel: 40 }), {
      steps: 2,
    })
    expect(error).toBeLessThan(1e-5)
    expect(runs).toBeGreaterThan(2)
    expect(loaded).toBeLessThan(runs)
  })

  test('is refused where it cannot be traced, with the reason', async () => {
    const compile = counted().executor
    const refused = (problem: Problem, sampler: Sampler) =>
      expectNoLeaks(() =>
        sample(problem, sampler, { ...options, compile }).then(
          () => 'nothing',
          ({ message }: Error) => message,
        ),
      )
    expect(await refused({ process, score: async (x) => neg(x) }, samplers.ddim())).toBe(
      'compile: expected a synchronous score to compile steps with, got one that returns a Promise',
    )
    const reads = {
      process,
      score: (x: Tensor) => mul(x, (x as unknown as { dataSync(): number[] }).dataSync()[0]!),
    }
    expect(await refused(reads, samplers.ddim())).toContain('got a read of values on the host')
    const reading: Sampler = {
      name: 'reading',
      order: 1,
      // biome-ignore lint/correctness/useYield: it needs no score
      *step(_, { x }) {
        return { x: mul(x, (mul(x, 1) as unknown as { dataSync(): number[] }).dataSync()[0]!) }
      },
    }
    expect(await refused(problem, reading)).toContain('got a read of values on the host')
    await expect(sample(problem, reading, { ...options, compile: {} as Executor })).rejects.toThrow(
      'options.compile',
    )
  })

  test('may read values where it waits for them', async () => {
    const waits: Sampler = {
      name: 'waits',
      order: 1,
      *step(_, { x }) {
        const twice = mul(x, 2)
        const [first] = yield* wait(() => twice.data())
        return { x: mul(twice, first! > 0 ? 0.5 : 1) }
      },
    }
    expect(await both(problem, waits)).toMatchObject({ error: 0, runs: 8 })
  })
})

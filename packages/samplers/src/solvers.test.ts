import { gaussian } from '@sgm/score'
import { karrasGrid, logSnrGrid, vp } from '@sgm/sde'
import { dispose, key } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { errorAt } from '../bench/error'
import { budgets, mixtures } from '../bench/mixtures'
import { sample } from './run'
import { deis } from './samplers/deis'
import { dpmSolverPlusPlus } from './samplers/dpm-solver-plus-plus'
import { uniPc } from './samplers/uni-pc'

const at = budgets.indexOf(10)
const named = mixtures.map((problem) => [problem.name, problem] as const)

describe('ten evaluations on an exact mixture', () => {
  it.each(named)('bring no peer nearer than our best, in %s', async (_, problem) => {
    const ours = await Promise.all([
      errorAt(problem, deis({ order: 3, variable: 'logSnr' }), karrasGrid(), 10),
      errorAt(problem, uniPc(), logSnrGrid(), 10),
    ])
    const peers = Object.values(problem.errors).map((errors) => errors[at]!)
    expect(Math.min(...ours)).toBeLessThan(Math.min(...peers))
  })

  // the steps are the same in any dimension: two will do
  it.each(named.slice(0, 2))('err as those of the peers do, in %s', async (_, problem) => {
    const { 'k-diffusion lms': lms, 'k-diffusion dpmpp_2m': multistep } = problem.errors
    const pairs = [
      [deis({ order: 4, variable: 'rho' }), lms],
      [dpmSolverPlusPlus(), multistep],
    ] as const
    for (const [sampler, errors] of pairs) {
      const error = await errorAt(problem, sampler, karrasGrid(), 10)
      expect(error / errors![at]!).toBeCloseTo(1, 2)
    }
  })
})

describe('a time that is given again', () => {
  const process = vp()
  const problem = { process, score: gaussian({ mean: [0.5], covariance: 0.25 }).diffused(process).score }
  const solvers = ([1, 2, 3] as const).flatMap((order) => [
    [order, dpmSolverPlusPlus({ order })] as const,
    [order, deis({ order })] as const,
    [order, uniPc({ order })] as const,
  ])
  it.each(solvers.map(([order, solver]) => [solver.name, order, solver] as const))(
    'changes nothing for %s of order %i',
    async (_name, _order, solver) => {
      const end = async (times: number[]): Promise<number[]> => {
        const x = await sample(problem, solver, { key: key(1), shape: [3, 1], times })
        const values = [...(await x.data())]
        dispose(x)
        return values
      }
      const wanted = await end([1, 0.5, 0.4, 0.1, 0.03, 0.01])
      const got = await end([1, 0.5, 0.5, 0.4, 0.1, 0.1, 0.1, 0.03, 0.03, 0.01])
      for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 5)
    },
  )
})

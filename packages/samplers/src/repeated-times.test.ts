import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { dispose, key } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample } from './run'
import { deis } from './samplers/deis'
import { dpmSolverPlusPlus } from './samplers/dpm-solver-plus-plus'
import { uniPc } from './samplers/uni-pc'

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

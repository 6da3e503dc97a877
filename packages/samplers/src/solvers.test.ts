import { karrasGrid, logSnrGrid } from '@sgm/sde'
import { describe, expect, it } from 'vitest'
import { errorAt } from '../bench/error'
import { budgets, problems } from '../bench/mixtures'
import { deis } from './samplers/deis'
import { dpmSolverPlusPlus } from './samplers/dpm-solver-plus-plus'
import { uniPc } from './samplers/uni-pc'

const at = budgets.indexOf(10)
const named = problems.map((problem) => [problem.dims, problem] as const)

describe('ten evaluations on an exact mixture', () => {
  it.each(named)('bring no peer nearer than our best, in %d dimensions', async (_, problem) => {
    const ours = await Promise.all([
      errorAt(problem, deis({ order: 3, variable: 'logSnr' }), karrasGrid(), 10),
      errorAt(problem, uniPc(), logSnrGrid(), 10),
    ])
    const peers = Object.values(problem.errors).map((errors) => errors[at]!)
    expect(Math.min(...ours)).toBeLessThan(Math.min(...peers))
  })

  // the steps are the same in any dimension: two will do
  it.each(named.slice(0, 2))('err as those of the peers do, in %d dimensions', async (_, problem) => {
    const { 'k-diffusion lms': lms, 'k-diffusion dpmpp_2m': multistep } = problem.errors
    const pairs = [
      [deis({ order: 4, variable: 'rho' }), lms],
      [dpmSolverPlusPlus(), multistep],
    ] as const
    for (const [sampler, errors] of pairs) {
      const error = await errorAt(problem, sampler, karrasGrid(), 10)
      expect(error / errors[at]!).toBeCloseTo(1, 2)
    }
  })
})

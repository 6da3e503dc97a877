import { deis, dpmSolverPlusPlus } from '@sgm/samplers'
import { karrasGrid, logSnrGrid } from '@sgm/sde'
import { describe, expect, inject, it } from 'vitest'
import { errorAt } from '../bench/error'
import { budgets, mixtures } from '../bench/mixtures'

const at = budgets.indexOf(10)
const named = mixtures.map((problem) => [problem.name, problem] as const)

// Of a few rows in float32: one engine will do.
describe.runIf(inject('backend') === 'wasm')('ten evaluations on an exact mixture', () => {
  it.each(named)('bring DEIS of order 4 nearer than any peer on any grid, in %s', async (_, problem) => {
    const ours = await errorAt(problem, deis({ order: 4 }), logSnrGrid(), 10, 'mean')
    const peers = Object.values(problem.errors).flatMap((errors) =>
      Object.values(errors).map((each) => each[at]!),
    )
    expect(ours).toBeLessThan(Math.min(...peers))
  })

  // the steps are the same in any dimension: two will do
  it.each(named.slice(0, 2))('err as those of the peers do, in %s', async (_, { errors, ...problem }) => {
    const pairs = [
      ['k-diffusion lms', deis({ order: 4, variable: 'rho' })],
      ['k-diffusion dpmpp_2m', dpmSolverPlusPlus()],
    ] as const
    for (const [peer, sampler] of pairs) {
      const error = await errorAt({ ...problem, errors }, sampler, karrasGrid(), 10)
      expect(error / errors.karras![peer]![at]!).toBeCloseTo(1, 2)
    }
  })
})

import type { TimeGrid } from '@sgm/sde'
import { key, tensor } from '@sgm/tensor'
import { type Sampler, trajectory } from '../src/index'
import type { SolverProblem } from './problem'

/**
 * Root mean square error of the end of a run of at most a number of evaluations, the last of them for the predicted data at the smallest level.
 * NaN where no step fits.
 */
export async function errorAt(
  problem: SolverProblem,
  sampler: Sampler,
  grid: TimeGrid,
  budget: number,
): Promise<number> {
  const steps = Math.floor((budget - 1) / (sampler.evaluationsPerStep ?? 1))
  if (steps < 1) return Number.NaN
  const { start, shape, end: wanted } = problem
  const x = tensor(start, [start.length / shape.reduce((a, b) => a * b), ...shape])
  const run = { key: key(0), x, times: grid, steps, denoise: 'tweedie' } as const
  let end: ArrayLike<number> = []
  for await (const point of trajectory(problem.model(), sampler, run)) {
    if (point.index < steps) continue
    if (point.evaluations > budget) throw new Error(`${sampler.name}: ${point.evaluations} evaluations`)
    end = await point.x.data()
  }
  x.dispose()
  return Math.sqrt(wanted.reduce((sum, value, i) => sum + (end[i]! - value) ** 2, 0) / wanted.length)
}

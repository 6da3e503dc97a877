import { type Denoise, type Sampler, sample } from '@sgm/samplers'
import type { TimeGrid } from '@sgm/sde'
import { dispose, key, tensor } from '@sgm/tensor'
import type { SolverProblem } from './problem'

/**
 * Root mean square error of the end of a run of at most a number of evaluations, which takes the last of them for the predicted data at the smallest
 * level where `denoise` is `'tweedie'`. NaN where no step fits.
 */
export async function errorAt(
  problem: SolverProblem,
  sampler: Sampler,
  grid: TimeGrid,
  budget: number,
  denoise: Denoise = 'tweedie',
): Promise<number> {
  const last = denoise === 'tweedie' ? 1 : 0
  const steps = Math.floor((budget - last) / (sampler.evaluationsPerStep ?? 1))
  if (steps < 1) return Number.NaN
  const { start, shape, end: wanted } = problem
  const x = tensor(start, [start.length / shape.reduce((a, b) => a * b), ...shape])
  let evaluations = 0
  const onProgress = (progress: { readonly evaluations: number }): void => {
    evaluations = progress.evaluations
  }
  const run = { key: key(0), x, times: grid, steps, denoise, onProgress } as const
  const y = await sample(problem.model(), sampler, run)
  if (evaluations > budget) throw new Error(`${sampler.name}: ${evaluations} evaluations`)
  const end = await y.data()
  dispose([x, y])
  return Math.sqrt(wanted.reduce((sum, value, i) => sum + (value - end[i]!) ** 2, 0) / wanted.length)
}

/** The smaller one of the errors of both kinds of end: runs to a small level are nearer with a last look, those to none without. */
export async function leastError(
  ...given: readonly [problem: SolverProblem, sampler: Sampler, grid: TimeGrid, budget: number]
): Promise<number> {
  const errors = [await errorAt(...given, 'tweedie'), await errorAt(...given, 'mean')]
  const found = errors.filter((error) => !Number.isNaN(error))
  return found.length === 0 ? Number.NaN : Math.min(...found)
}

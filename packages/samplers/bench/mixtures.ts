import { gaussianMixture } from '@sgm/score'
import { edm } from '@sgm/sde'
import reference from '../fixtures/solvers.json' with { type: 'json' }

/** Evaluations that errors are measured at. */
export const budgets = reference.budgets

/** An exact mixture, where its probability flow takes some starts, and how near peers come. */
export type SolverProblem = (typeof reference.problems)[number]

export const problems: readonly SolverProblem[] = reference.problems

const made = new Map<number, ReturnType<typeof make>>()

/** The process and the exact score of the fixture's mixture. */
export function problemOf({ dims }: SolverProblem): ReturnType<typeof make> {
  const known = made.get(dims) ?? make(dims)
  made.set(dims, known)
  return known
}

function make(dims: number) {
  const process = edm()
  const means = [1, 2, 3, 4].map((k) => Array.from({ length: dims }, (_, i) => Math.sin(k * (i + 1))))
  const { score } = gaussianMixture({
    weights: [0.1, 0.2, 0.3, 0.4],
    means,
    covariances: [0.1, 0.2, 0.3, 0.15].map((deviation) => deviation ** 2),
  }).diffused(process)
  return { process, score }
}

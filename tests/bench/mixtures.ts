import { gaussianMixture } from '@sgm/score'
import { edm } from '@sgm/sde'
import { fixture } from './fixtures'
import { once, type PeerErrors, type SolverProblem } from './problem'

/** What SciPy and the peers made of the mixtures. */
interface Reference {
  readonly budgets: readonly number[]
  readonly problems: readonly {
    readonly dims: number
    readonly start: readonly (readonly number[])[]
    readonly end: readonly (readonly number[])[]
    readonly errors: PeerErrors
  }[]
}

const reference: Reference = JSON.parse(fixture('solvers.json').toString())

/** Evaluations that errors are measured at. */
export const budgets = reference.budgets

/** Exact mixtures of four components. */
export const mixtures: readonly SolverProblem[] = reference.problems.map(({ dims, start, end, errors }) => ({
  name: `${dims} dimensions`,
  shape: [dims],
  start: start.flat(),
  end: end.flat(),
  errors,
  model: once(() => {
    const process = edm()
    return { process, score: mixture(dims).diffused(process).score }
  }),
}))

/** The mixture of so many dimensions. */
export function mixture(dims: number) {
  const means = [1, 2, 3, 4].map((k) => Array.from({ length: dims }, (_, i) => Math.sin(k * (i + 1))))
  return gaussianMixture({
    weights: [0.1, 0.2, 0.3, 0.4],
    means,
    covariances: [0.1, 0.2, 0.3, 0.15].map((deviation) => deviation ** 2),
  })
}

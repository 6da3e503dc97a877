import { type LinearSDE, logSnrGrid } from '@sgm/sde'
import { expected } from '@sgm/tensor'
import type { Grid } from '../types'

/** The length t − s of a step of a sampler that can only go backward in time. @throws RangeError unless s <= t. */
export function backward(where: string, t: number, s: number): number {
  if (!(s <= t)) throw expected(where, 'times that fall', `${t} then ${s}`)
  return t - s
}

/** x_t given x_s, s <= t, of a linear process: N(ratio · x_s, variance I). */
export interface Transition {
  readonly ratio: number
  readonly variance: number
}

/** ratio = α_t/α_s and variance = σ_t² − ratio² σ_s², from the marginals. */
export function transition(process: LinearSDE, t: number, s: number): Transition {
  const from = process.marginal(s)
  const to = process.marginal(t)
  const ratio = to.alpha / from.alpha
  return { ratio, variance: Math.max(0, to.sigma ** 2 - (ratio * from.sigma) ** 2) }
}

/** The grid of a Markov chain: the time at which a run ends, throughout. */
export const constantGrid: Grid<unknown> = (_, { steps, end }) => new Array<number>(steps + 1).fill(end)

/** The grid of annealing: `steps` levels, geometric in σ/α, the first of which the run starts at and stays for a step. */
export const ladderGrid: Grid = (process, { steps, start, end }) =>
  steps === 1 ? [end, end] : [start, ...logSnrGrid()(process, { steps: steps - 1, start, end })]

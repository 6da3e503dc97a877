import { logSnrGrid, spanOf, type TimeGrid } from '@sgm/sde'

/** The grid of a Markov chain: the time at which a run ends, throughout. */
export const constantGrid: TimeGrid<unknown> = (_, { steps, end = 0 }) =>
  new Array<number>(steps + 1).fill(end)

/** The grid of annealing: `steps` levels, geometric in σ/α, the first of which the run starts at and stays for a step. */
export const ladderGrid: TimeGrid = (process, { steps, ...span }) => {
  const { start, end } = { ...spanOf(process), ...span }
  return steps === 1 ? [end, end] : [start, ...logSnrGrid()(process, { steps: steps - 1, start, end })]
}

import { logSnrGrid, spanOf, type TimeGrid } from '@sgm/sde'
import { checkFinite, checkIntegers, objectOf } from '@sgm/tensor/check'

/** The grid of a Markov chain: the time at which a run ends, throughout. */
export const constantGrid: TimeGrid<unknown> = (_, span) => {
  const { steps, end = 0 } = objectOf('constantGrid', span, 'a number of steps')
  checkIntegers('constantGrid', { steps })
  checkFinite('constantGrid', { end })
  return new Array<number>(steps + 1).fill(end)
}

/** The grid of annealing: `steps` levels, geometric in σ/α, the first of which the run starts at and stays for a step. */
export const ladderGrid: TimeGrid = (process, given) => {
  const { steps, ...span } = objectOf('ladderGrid', given, 'a number of steps')
  const { start, end } = { ...spanOf(process), ...span }
  checkIntegers('ladderGrid', { steps })
  return steps === 1 ? [end, end] : [start, ...logSnrGrid()(process, { steps: steps - 1, start, end })]
}

import { expected } from '@sgm/tensor'
import { checkFunctions, checkIntegers, objectOf } from '@sgm/tensor/check'
import { checkLinearSde } from '../check-process'
import type { TimeGrid } from '../types'

/**
 * Makes the grid […, 0]: all steps but one by another grid down to the end asked for, and the last from there to the
 * start of the process's interval, where no noise is left.
 *
 * Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", eq. 5.
 *
 * @param grid Whose last step is to go to no noise at all.
 * @throws RangeError (the grid) unless steps is an integer >= 2 and the times fall.
 * @example
 * toZero(karrasGrid())(edm(), { steps: 18 }).at(-1) // → 0
 */
export function toZero(grid: TimeGrid): TimeGrid {
  checkFunctions('toZero', { grid })
  return (process, given) => {
    checkLinearSde('toZero', process)
    const { steps, ...span } = objectOf('toZero', given, 'a number of steps')
    checkIntegers('toZero', { steps }, 2)
    const times = grid(process, { steps: steps - 1, ...span })
    const [zero, last] = [process.interval[0], times.at(-1)!]
    if (!(times[0]! > last && last > zero)) {
      throw expected('toZero', `times that fall to more than ${zero}`, `${times[0]} to ${last}`)
    }
    return [...times, zero]
  }
}

import {
  add,
  cast,
  choice,
  floor,
  type Key,
  mod,
  mul,
  split,
  stack,
  sub,
  type Tensor,
  tidy,
  uniform,
  unstack,
} from '@sgm/tensor'
import { checkIntegers, checkKeys, checkPositive, expected, optionsOf } from '@sgm/tensor/check'

/** Options of {@link checkerboard}. */
export interface CheckerboardOptions {
  /** Squares along each side, an even number from 2 to 4096. @default 4 */
  readonly squares?: number
  /** Length of the side of the whole board, > 0; it is centred at the origin. @default 8 */
  readonly size?: number
}

/**
 * Draws uniformly from the dark squares of a chessboard, of which the lower left corner is one.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range.
 * @example
 * checkerboard(key(0), 1000).shape // → [1000, 2]
 */
export function checkerboard(key: Key, count: number, options: CheckerboardOptions = {}): Tensor {
  const { squares = 4, size = 8 } = optionsOf('checkerboard', options, { squares: true, size: true })
  checkKeys('checkerboard', { key })
  checkIntegers('checkerboard', { count })
  checkPositive('checkerboard', { size })
  checkIntegers('checkerboard', { squares }, 2, 2 ** 12)
  if (squares % 2 !== 0) throw expected('checkerboard', 'squares to be an even integer', squares)
  const [squareKey, placeKey] = split(key)
  return tidy(() => {
    const index = cast(choice(squareKey, (squares * squares) / 2, [count]), 'float32')
    const row = floor(mul(add(index, 0.25), 2 / squares))
    const column = add(mul(sub(index, mul(row, squares / 2)), 2), mod(row, 2))
    const [x, y] = unstack(uniform(placeKey, [count, 2]), 1) as [Tensor, Tensor]
    return mul(sub(stack([add(column, x), add(row, y)], 1), squares / 2), size / squares)
  })
}

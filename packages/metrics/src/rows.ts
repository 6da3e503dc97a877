import { type LongCallOptions, type Pace, paced, type Tensor } from '@sgm/tensor'
import { checkTensors, expected, formatShape } from '@sgm/tensor/check'

/** A sample on the host: n rows of d numbers, row-major. */
export interface Rows {
  readonly values: ArrayLike<number>
  readonly n: number
  readonly d: number
}

/** The values of a tensor `[n, ...D]` as n rows. @throws RangeError when there are fewer than `least` rows, or none of their entries. */
export async function rowsOf(where: string, name: string, x: Tensor, least = 2): Promise<Rows> {
  checkTensors(where, { [name]: x })
  const [n = 0, ...rest] = x.shape
  const d = rest.reduce((a, b) => a * b, 1)
  if (n < least || d === 0) {
    throw expected(where, `${name} of shape [n >= ${least}, ...D]`, formatShape(x.shape))
  }
  const values = await x.data()
  if (!values.every(Number.isFinite)) throw expected(where, `${name} with finite values`, 'NaN or Infinity')
  return { values, n, d }
}

/** Two samples of rows of one length. */
export async function pairOf(where: string, x: Tensor, y: Tensor, least = 2): Promise<[Rows, Rows]> {
  const pair: [Rows, Rows] = [await rowsOf(where, 'x', x, least), await rowsOf(where, 'y', y, least)]
  if (pair[0].d !== pair[1].d) {
    throw expected(where, 'rows of one length', `${pair[0].d} and ${pair[1].d}`)
  }
  return pair
}

/** ‖aᵢ − bⱼ‖². */
export function squaredDistance(a: Rows, i: number, b: Rows, j: number): number {
  let sum = 0
  for (let k = 0, p = i * a.d, q = j * b.d; k < a.d; k++, p++, q++) {
    const difference = a.values[p]! - b.values[q]!
    sum += difference * difference
  }
  return sum
}

/** The mean of f(‖aᵢ − bⱼ‖²) over all pairs; within one sample, over pairs of different rows. */
async function meanOverPairs(a: Rows, b: Rows, f: (squared: number) => number, pace: Pace): Promise<number> {
  let sum = 0
  for (let i = 0; i < a.n; i++) {
    const end = a === b ? i : b.n
    for (let j = 0; j < end; j++) sum += f(squaredDistance(a, i, b, j))
    const turn = pace.step()
    if (turn) await turn
  }
  return sum / (a === b ? (a.n * (a.n - 1)) / 2 : a.n * b.n)
}

/** Means of f(‖· − ·‖²) over the pairs of two samples: within each, and between them. */
export async function meansOverPairs(
  a: Rows,
  b: Rows,
  f: (squared: number) => number,
  options: LongCallOptions,
): Promise<{ readonly within: number; readonly between: number }> {
  const pace = paced(2 * a.n + b.n, options)
  const within = (await meanOverPairs(a, a, f, pace)) + (await meanOverPairs(b, b, f, pace))
  return { within, between: await meanOverPairs(a, b, f, pace) }
}

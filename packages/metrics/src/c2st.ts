import { type LongCallOptions, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, expected, optionsOf } from '@sgm/tensor/check'
import { pairOf, type Rows, squaredDistance } from './rows'

/** Options of {@link c2st}. */
export interface C2stOptions extends LongCallOptions {
  /** Neighbours that vote, an odd integer >= 1. @default the odd number nearest to √n, n the rows that vote */
  readonly neighbours?: number
  /** Parts of the cross-validation, >= 2. @default 5 */
  readonly folds?: number
}

/** What {@link c2st} finds. */
export interface C2stResult {
  /** Share of the rows whose sample the classifier tells, in [0, 1]; ½ when it cannot tell them apart. */
  readonly accuracy: number
  /** Of the accuracy, for samples of one distribution: ½/√(rows). */
  readonly standardError: number
}

/**
 * The classifier two-sample test: the accuracy with which a classifier tells rows of one sample from rows of the other, on
 * rows it was not trained on. The classifier is a vote of the nearest neighbours in Euclidean distance; with about √n of them
 * its accuracy tends to the best possible one, (1 + TV)/2 with TV the total variation distance. Entries of rows should
 * have comparable scales. Of the larger sample only the first rows are used, so that both weigh the same.
 *
 * Lopez-Paz and Oquab 2017, "Revisiting classifier two-sample tests". Costs n² distances.
 *
 * @param x `[n, ...D]`
 * @param y `[m, ...D]`
 * @throws RangeError when the shapes do not fit, a value is not finite, or an option is out of its range. The signal's
 * reason, when it ends the call.
 * @example
 * const samples = normal(key(0), [200, 2])
 * const data = twoMoons(key(1), 200)
 * const { accuracy, standardError } = await c2st(samples, data)
 * accuracy > 0.6 // → true
 */
export async function c2st(x: Tensor, y: Tensor, options: C2stOptions = {}): Promise<C2stResult> {
  const { folds = 5 } = optionsOf('c2st', options, {
    signal: true,
    onProgress: true,
    neighbours: true,
    folds: true,
  })
  checkLongCall('c2st', options)
  if (!Number.isInteger(folds) || folds < 2) throw expected('c2st', 'folds to be an integer >= 2', folds)
  const pair = await pairOf('c2st', x, y, folds)
  const n = Math.min(pair[0].n, pair[1].n)
  const voters = 2 * (n - Math.ceil(n / folds))
  const { neighbours = 2 * Math.floor(Math.sqrt(voters) / 2) + 1 } = options
  if (!(Number.isInteger(neighbours) && neighbours % 2 === 1 && neighbours >= 1 && neighbours <= voters)) {
    throw expected('c2st', `neighbours to be an odd integer in [1, ${voters}]`, neighbours)
  }
  const pace = paced(2 * n, options)
  let correct = 0
  for (const side of [0, 1] as const) {
    for (let i = 0; i < n; i++) {
      if (votesFor(pair, n, side, i, folds, neighbours) > neighbours / 2) correct++
      const turn = pace.step()
      if (turn) await turn
    }
  }
  return { accuracy: correct / (2 * n), standardError: 0.5 / Math.sqrt(2 * n) }
}

/** How many of the nearest rows outside the row's fold are of its own sample. */
function votesFor(
  pair: readonly [Rows, Rows],
  n: number,
  side: 0 | 1,
  row: number,
  folds: number,
  neighbours: number,
): number {
  const nearest = new Float64Array(neighbours).fill(Number.POSITIVE_INFINITY)
  const own = new Uint8Array(neighbours)
  for (const other of [0, 1] as const) {
    for (let j = 0; j < n; j++) {
      if (j % folds === row % folds) continue
      const distance = squaredDistance(pair[side], row, pair[other], j)
      if (distance >= nearest[neighbours - 1]!) continue
      let place = neighbours - 1
      for (; place > 0 && nearest[place - 1]! > distance; place--) {
        nearest[place] = nearest[place - 1]!
        own[place] = own[place - 1]!
      }
      nearest[place] = distance
      own[place] = other === side ? 1 : 0
    }
  }
  return own.reduce((a, b) => a + b, 0)
}

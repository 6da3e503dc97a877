import {
  alignRows,
  expected,
  greater,
  mul,
  sqrt,
  square,
  sumRows,
  type Tensor,
  tensor,
  tidy,
  where,
} from '@sgm/tensor'

/** How the steps of {@link rowSteps} follow the errors. */
export interface StepControl {
  /** What a step is multiplied by, from its error over tolerance and whether the one before it was rejected. */
  factor(error: number, afterRejection: boolean): number
  /** Below this size a rejected step cannot be made smaller. */
  readonly smallest: number
}

/** The rows of a batch on their way from one time to another, by steps of their own. */
export interface RowSteps {
  /** Where each row is. */
  readonly time: Float64Array
  /** The size that each row wants for its next step. */
  readonly sizes: Float64Array
  /** Whether a row is still on its way. */
  readonly running: () => boolean
  /** Where the next step of each row ends; where it is, for a row that is done. */
  readonly ends: () => Float64Array
  /**
   * Moves the rows whose error is at most 1.
   *
   * @returns 1 for each of them, 0 for the others.
   * @throws RangeError when the error of a row is not finite, or its steps vanish.
   */
  readonly settle: (ends: Float64Array, errors: ArrayLike<number>) => Float32Array
  /** Tries of the whole batch, and the share of the steps of rows that were rejected. */
  readonly stats: () => { readonly iterations: number; readonly rejected: number }
}

/** Steps every row of a batch from time t to time s at its own pace, so that a row's result does not depend on the batch. */
export function rowSteps(
  name: string,
  [t, s]: readonly [t: number, s: number],
  first: Float64Array,
  { factor, smallest }: StepControl,
): RowSteps {
  const time = new Float64Array(first.length).fill(t)
  const sizes = first.slice()
  const afterRejection = new Array<boolean>(first.length).fill(false)
  let [iterations, tried, rejected] = [0, 0, 0]
  return {
    time,
    sizes,
    running: () => time.some((now) => now !== s),
    ends: () =>
      time.map((now, i) => (sizes[i]! < Math.abs(s - now) ? now + Math.sign(s - t) * sizes[i]! : s)),
    settle: (ends, errors) => {
      iterations++
      return Float32Array.from(ends, (end, i) => {
        const [size, error] = [Math.abs(end - time[i]!), errors[i]!]
        if (size === 0) return 0
        if (!Number.isFinite(error))
          throw expected(name, 'a finite error', `${error} in row ${i}, from time ${time[i]} to ${end}`)
        const next = size * factor(error, afterRejection[i]!)
        tried++
        afterRejection[i] = error > 1
        if (error > 1) {
          rejected++
          sizes[i] = next
          if (next < smallest) throw expected(name, 'steps that do not vanish', next)
          return 0
        }
        // the last step may have been cut short
        sizes[i] = end === s ? Math.max(sizes[i]!, next) : next
        time[i] = end
        return 1
      })
    },
    stats: () => ({ iterations, rejected: rejected / Math.max(1, tried) }),
  }
}

/** A number for each row, as a tensor that broadcasts against x `[B, ...D]`. */
export function perRow(values: Iterable<number>, x: Tensor): Tensor {
  return tidy(() => alignRows(tensor(Float32Array.from(values)), x))
}

/** Rows of a where `chosen` is 1, and of b elsewhere. */
export function selectRows(chosen: Float32Array, a: Tensor, b: Tensor): Tensor {
  return tidy(() => where(greater(perRow(chosen, a), 0), a, b))
}

/** Root mean square of each row: `[B, ...D]` → `[B]`. */
export function rowNorm(x: Tensor): Tensor {
  return tidy(() => sqrt(mul(sumRows(square(x)), x.shape[0]! / x.size)))
}

import type { Tensor } from '../../../types'
import type { OpName } from '../case'
import { type Host, host } from '../host'

/** One use of an op at NaN, at infinities or out of range, and the value that IEEE 754 and NumPy give it. */
export interface SpecialCase {
  readonly op: OpName
  readonly label: string
  /** Bits of integers that it needs. @default 24, those that a float32 holds */
  readonly integerBits?: 32
  /** All of them float32. */
  readonly inputs: readonly Host[]
  readonly run: (...inputs: Tensor[]) => Tensor
  readonly value: Host
}

export const NAN = Number.NaN
export const INF = Number.POSITIVE_INFINITY

/** The same many times: engines take other ways for few numbers, and for many several at a time. */
export function often(values: readonly number[]): Host {
  const data = Array.from({ length: 43 }, () => values).flat()
  return host([data.length], data)
}

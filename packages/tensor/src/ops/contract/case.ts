import type { Tensor } from '../../types'
import * as ops from '..'
import type { Host } from './host'

export type OpName = keyof typeof ops

/** One use of an op, and the same in float64 on the host. */
export interface OpCase {
  readonly op: OpName
  readonly label: string
  /** All of them float32 and differentiated by, jointly; away from kinks. */
  readonly inputs: readonly Host[]
  readonly run: (...inputs: Tensor[]) => Tensor
  readonly truth: (...inputs: Host[]) => Host
  /** Whether gradients take the result for a constant, though it varies. */
  readonly constant?: boolean
}

/** Makes a case; `op` is first in its label. */
export function opCase(
  op: OpName,
  label: string,
  inputs: readonly Host[],
  run: (...inputs: Tensor[]) => Tensor,
  truth: (...inputs: Host[]) => Host,
  constant = false,
): OpCase {
  return { op, label: label === '' ? op : `${op}, ${label}`, inputs, run, truth, constant }
}

/** A bool or int32 result as floats, which can be differentiated. */
export const toFloat = (x: Tensor): Tensor => ops.cast(x, 'float32')

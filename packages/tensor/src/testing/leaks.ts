import * as tf from '@tensorflow/tfjs'
import { tensorsIn } from '../tree'

/**
 * Runs `fn`, synchronous or asynchronous, and gives back its result; fails when the run changed which tensors
 * are alive, other than by the tensors it returns (inside arrays and plain objects too). All tensors of the
 * engine are counted, so nothing else may make or free any while an asynchronous `fn` runs.
 *
 * @param fn Makes tensors and frees all but those of its result.
 * @throws Error with the count and the bytes, when tensors that `fn` made stay alive without being returned,
 * or when it freed tensors that it did not make.
 * @example
 * const x = expectNoLeaks(() => tidy(() => add(ones([2]), 1)))
 */
export function expectNoLeaks<T>(fn: () => T): T {
  const before = census()
  const result = fn() as unknown
  return (
    result instanceof Promise ? result.then((value) => compare(before, value)) : compare(before, result)
  ) as T
}

interface Census {
  readonly tensors: number
  readonly bytes: number
  /** Tensors are numbered in the order of their making: those from here on are new. */
  readonly nextId: number
}

function census(): Census {
  const nextId = tf.tidy(() => tf.scalar(0).id) + 1
  const { numTensors, numBytes } = tf.memory()
  return { tensors: numTensors, bytes: numBytes, nextId }
}

function compare(before: Census, result: unknown): unknown {
  const after = census()
  const returned = (tensorsIn(result) as unknown as tf.Tensor[]).filter(
    ({ id, isDisposed }) => id >= before.nextId && !isDisposed,
  ).length
  const extra = after.tensors - before.tensors - returned
  if (extra !== 0) {
    throw new Error(
      `expectNoLeaks: expected ${before.tensors + returned} tensors alive (${before.tensors} before, ${returned} ` +
        `returned), got ${after.tensors}: ${Math.abs(extra)} ${extra > 0 ? 'leaked' : 'freed that it did not make'} ` +
        `(${after.bytes - before.bytes} bytes more than before)`,
    )
  }
  return result
}

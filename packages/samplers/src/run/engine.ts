import type { Score } from '@sgm/score'
import { checkShape, clone, expectedType, fromNowOn, type Tensor } from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'
import { type Steps, type Within, wait } from './steps'

/** How the tensor code of steps is run. */
export interface Engine {
  /** Runs the part of a step between two answers. */
  readonly within: Within
  /** Asks a function of (x, t) whose values have the given shape if any, t being one time a row. */
  ask(fn: Score, x: Tensor, t: Tensor, shape?: readonly number[]): Steps<Tensor>
  /** Ends a step: tensors of its result have values. */
  finish<T>(step: Steps<T>): Steps<T>
  /** How many steps may end together, where nobody looks between them. */
  readonly together: number
  dispose(): Promise<void>
}

/** Computes each operation when it comes. */
export const eager: Engine = {
  within: (part) => part(),
  *ask(fn, x, t, shape) {
    const value = yield* wait(() => {
      const isNew = fromNowOn()
      const value = fn(x, t)
      // A tensor that was there before is not the run's to free.
      const fresh = (value: Tensor): Tensor => (!isTensor(value) || isNew(value) ? value : clone(value))
      return isPromise(value) ? value.then(fresh) : fresh(value)
    })
    for (const given of [x, t]) {
      if ((given as { isDisposed?: boolean }).isDisposed)
        throw expectedType('score', 'what it is given to stay in memory', 'a score that disposes it')
    }
    return checked(value, shape)
  },
  finish: (step) => step,
  together: 1,
  dispose: async () => {},
}

/** @throws TypeError when a function gives no float32 tensor. RangeError when it has another shape. */
export function checked(value: Tensor, shape: readonly number[] = value.shape): Tensor {
  if (!isTensor(value)) throw expectedType('score', 'a tensor', value)
  if (value.dtype !== 'float32') throw expectedType('score', 'a float32 tensor', value.dtype)
  checkShape('score', 'an output', value.shape, shape)
  return value
}

export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | undefined)?.then === 'function'
}

import * as tf from '@tensorflow/tfjs'
import { checkFunctions, checkStrings, checkTensor, expected, expectedType } from './check'
import { raw } from './tf'
import type { Tensor, Variable } from './types'

/**
 * Runs `fn` and frees every tensor it made but those it returns (inside arrays and plain objects too). When
 * `fn` throws, all of them are freed.
 *
 * Synchronous only: the engine has one stack of scopes, so an open one would free other tasks' tensors. Across
 * an `await`, use {@link scoped}.
 *
 * @param fn Not an async function.
 * @throws TypeError when `fn` returns a Promise.
 * @example
 * const norm = tidy(() => sqrt(sum(square(tensor([3, 4])))))
 * norm // → 5
 */
export function tidy<T>(fn: () => T extends PromiseLike<unknown> ? never : T): T {
  checkFunctions('tidy', { fn })
  return tf.tidy(() => {
    const result = fn() as unknown
    if (typeof (result as PromiseLike<unknown> | null)?.then === 'function') {
      Promise.resolve(result).catch(() => {})
      throw expectedType('tidy', 'a synchronous function', 'one that returns a Promise')
    }
    return result as tf.TensorContainer
  }) as T
}

/**
 * Takes a tensor out of the enclosing {@link tidy}, so that it outlives it.
 *
 * @param x What outlives the scopes around it.
 * @example
 * let total = zeros([])
 * tidy(() => {
 *   total = keep(sum(ones([2, 2])))
 * })
 * total // → 4
 */
export function keep<T extends Tensor>(x: T): T {
  checkTensor('keep', x)
  tf.keep(raw(x))
  return x
}

/**
 * Runs a synchronous part of a longer computation, and gives beside its result every tensor that it left alive: they live on, and
 * are the caller's to free. What it said to {@link keep} is not among them. When `fn` throws, all of them are freed.
 *
 * @param fn Makes tensors; not an async function.
 * @example
 * const { result, made } = collect(() => mul(add(tensor([1, 2]), 1), 3))
 * result // → [6, 9]
 * made.length // → 3
 */
export function collect<T>(fn: () => T): { readonly result: T; readonly made: readonly Tensor[] } {
  checkFunctions('collect', { fn })
  let collected: { readonly result: T; readonly made: readonly Tensor[] }
  tf.tidy(() => {
    const result = fn()
    const made = tf.engine().state.activeScope.track.filter((x) => !(x.isDisposed || x.kept))
    for (const x of made) tf.keep(x)
    collected = { result, made: made as unknown as Tensor[] }
  })
  return collected!
}

/**
 * Tells tensors that are made from now on from those that were there before: what a function gives back may be freed only
 * where it was made for the caller.
 *
 * @example
 * const old = zeros([1])
 * const isNew = fromNowOn()
 * isNew(ones([1])) // → true
 * isNew(old) // → false
 */
export function fromNowOn(): (x: Tensor) => boolean {
  const last = tf.engine()['nextTensorId']()
  return (x) => raw(x).id > last
}

/**
 * Frees every tensor in arrays and plain objects of any depth. Disposing twice is no error.
 *
 * @example
 * const parameters = { w: ones([2]), layers: [zeros([3])] }
 * dispose(parameters)
 */
export function dispose(tree: unknown): void {
  tf.dispose(tree as tf.TensorContainer)
}

/** What is alive on the current backend. */
export interface MemoryInfo {
  readonly tensors: number
  readonly bytes: number
}

/**
 * Counts the tensors alive.
 *
 * @example
 * const before = memory().tensors
 * const x = tensor([1, 2])
 * memory().tensors - before // → 1
 */
export function memory(): MemoryInfo {
  const { numTensors, numBytes } = tf.memory()
  return { tensors: numTensors, bytes: numBytes }
}

/**
 * A variable that starts as a copy of `value`. @throws RangeError when another variable has the name.
 *
 * @param value What it holds at first; copied.
 * @param name For graphs and messages.
 * @example
 * const count = variable(scalar(1))
 * count.assign(add(count, 1))
 * count // → 2
 */
export function variable(value: Tensor, name?: string): Variable {
  checkTensor('variable', value)
  if (name !== undefined) checkStrings('variable', { name })
  const others = tf.engine().registeredVariables
  // tfjs looks names up in a plain object, in which `toString` would stand for a variable.
  Object.setPrototypeOf(others, null)
  if (name !== undefined && name in others) {
    throw expected('variable', 'a name that no other variable has', name)
  }
  return tf.variable(raw(value), true, name) as unknown as Variable
}

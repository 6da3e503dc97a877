import * as tf from '@tensorflow/tfjs'
import { expectedType } from './check'
import { raw, wrap } from './tf'
import type { Tensor, Variable } from './types'

/** Values that a memory scope keeps: tensors inside arrays and plain objects of any depth. */
export type TensorTree = unknown

/**
 * Runs `fn` and frees every tensor it made but those it returns (inside arrays and plain objects too). When
 * `fn` throws, all of them are freed.
 *
 * Synchronous only: the engine has one stack of scopes, so an open one would free other tasks' tensors. Across
 * an `await`, use {@link memoryScope}.
 *
 * @throws TypeError when `fn` returns a Promise.
 */
export function tidy<T>(fn: () => T extends PromiseLike<unknown> ? never : T): T {
  return tf.tidy(() => {
    const result = fn() as unknown
    if (typeof (result as PromiseLike<unknown> | null)?.then === 'function') {
      Promise.resolve(result).catch(() => {})
      throw expectedType('tidy', 'a synchronous function', 'one that returns a Promise')
    }
    return result as tf.TensorContainer
  }) as T
}

/** Tensors that are freed together: see {@link memoryScope}. */
export interface MemoryScope extends Disposable {
  /** Makes the scope free the tensors in `tree` at its end, and gives `tree` back. */
  own<T>(tree: T): T
  /** Takes the tensors in `tree` out of the scope, so that they outlive it, and gives `tree` back. */
  release<T>(tree: T): T
}

/**
 * Frees the tensors it was given when the block ends: normally, by `return` or by an error. Each scope knows
 * its own tensors only, so it may span an `await`.
 *
 * ```ts
 * using scope = memoryScope()
 * const y = scope.own(square(x))
 * return await y.data()
 * ```
 */
export function memoryScope(): MemoryScope {
  const owned = new Set<Tensor>()
  return {
    own(tree) {
      for (const x of tensorsIn(tree)) owned.add(keep(x))
      return tree
    },
    release(tree) {
      for (const x of tensorsIn(tree)) owned.delete(x)
      return tree
    },
    [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
      for (const x of owned) x.dispose()
      owned.clear()
    },
  } as MemoryScope
}

/** Takes a tensor out of the enclosing {@link tidy}, so that it outlives it. */
export function keep<T extends Tensor>(x: T): T {
  tf.keep(raw(x))
  return x
}

/**
 * Tells tensors that are made from now on from those that were there before: what a function gives back may be freed only
 * where it was made for the caller.
 */
export function fromNowOn(): (x: Tensor) => boolean {
  const last = tf.tidy(() => tf.scalar(0).id)
  return (x) => raw(x).id > last
}

/** Frees every tensor in arrays and plain objects of any depth. Disposing twice is no error. */
export function dispose(tree: TensorTree): void {
  tf.dispose(tree as tf.TensorContainer)
}

/** The tensors in arrays and plain objects of any depth, each once. */
export function tensorsIn(tree: TensorTree): Tensor[] {
  const seen = new Set<unknown>()
  const found: Tensor[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node) || ArrayBuffer.isView(node)) return
    seen.add(node)
    if (node instanceof tf.Tensor) found.push(wrap(node))
    else for (const child of Object.values(node)) walk(child)
  }
  walk(tree)
  return found
}

/** What is alive on the current backend. */
export interface MemoryInfo {
  readonly tensors: number
  readonly bytes: number
}

/** Counts the tensors alive. */
export function memory(): MemoryInfo {
  const { numTensors, numBytes } = tf.memory()
  return { tensors: numTensors, bytes: numBytes }
}

/** A variable that starts as a copy of `value`. */
export function variable(value: Tensor, name?: string): Variable {
  return tf.variable(raw(value), true, name) as unknown as Variable
}

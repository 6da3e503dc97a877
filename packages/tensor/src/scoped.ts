import * as tf from '@tensorflow/tfjs'
import { checkFunctions } from './check'
import { tidy } from './memory'
import { tensorsIn } from './tree'

/** Marks the tensors in `tree` as the scope's, and returns it. */
export type Own = <T>(tree: T) => T

/**
 * Runs an asynchronous `fn` that names its temporaries with `own`, and frees those when it ends, by a value or by
 * an error; what it returns lives on. Unlike {@link tidy} it never touches a tensor it was not given, so any number
 * may run at once. Freeing twice is no error.
 *
 * @param fn Gets `own`, which frees what it is given when the function is done, and gives it back.
 * @example
 * const double = async (x: Tensor) => mul(x, 2)
 * const y = await scoped(async (own) => {
 *   const doubled = own(await double(tensor([1, 2])))
 *   return tidy(() => add(doubled, 1))
 * })
 * y // → [3, 5]
 */
export async function scoped<T>(fn: (own: Own) => Promise<T>): Promise<T> {
  checkFunctions('scoped', { fn })
  const owned = new Set<tf.Tensor>()
  const own: Own = (tree) => {
    for (const x of tensorsIn(tree)) owned.add(x as unknown as tf.Tensor)
    return tree
  }
  try {
    const result = await fn(own)
    for (const x of tensorsIn(result)) owned.delete(x as unknown as tf.Tensor)
    return result
  } finally {
    tf.dispose([...owned])
  }
}

/**
 * Calls a function of tensors that may be asynchronous. A synchronous one is run in a {@link tidy}; an asynchronous
 * one frees what it makes itself, but for its result.
 *
 * @param fn May be async, and makes tensors.
 * @example
 * const x = await settle(() => tensor([1, 2]))
 */
export async function settle<T>(fn: () => T | PromiseLike<T>): Promise<T> {
  checkFunctions('settle', { fn })
  let pending: PromiseLike<T> | undefined
  const result = tidy(() => {
    const value = fn()
    if (!isPromise(value)) return { value }
    pending = value
    for (const x of tf.engine().state.activeScope.track) tf.keep(x)
    return undefined
  })
  return pending ?? (result as { value: T }).value
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null)?.then === 'function'
}

const sources = new WeakMap<object, unknown>()

/** Remembers what a compiled function was made of. */
export function rememberSource<F extends object>(compiled: F, fn: unknown): F {
  sources.set(compiled, fn)
  return compiled
}

/**
 * The synchronous function that a compiled one was made of; other functions as they are.
 *
 * @param fn A function, compiled or not.
 * @example
 * const twice = (x: Tensor) => mul(x, 2)
 * const source: object = sourceOf(compile(twice))
 * source === twice // → true
 */
export function sourceOf<F extends object>(fn: F): F
export function sourceOf(fn: object): unknown {
  return sources.get(fn) ?? fn
}

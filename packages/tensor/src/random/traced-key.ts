/** How a key inside a traced function comes from its arguments: `path` folded one by one into one of them. */
export interface Derivation {
  /** Which of the arguments' keys. */
  readonly argument: number
  readonly path: readonly number[]
}

/** What stands for a key while a function is traced: whose words are known at each call only. */
export interface TracedKey {
  readonly words: readonly [number, number]
}

const derivations = new WeakMap<object, Derivation>()

/** A key without words, from which keys can be split and numbers drawn all the same. */
export function tracedKey(derivation: Derivation): TracedKey {
  const key = {
    get words(): never {
      throw new Error(
        "compile: a traced function read a key's words on the host. Inside a compiled function keys can be split, folded " +
          'and drawn from as tensors; other uses belong outside, with the result passed in',
      )
    },
  }
  derivations.set(key, derivation)
  return key
}

/** Where a traced key comes from; undefined for keys that have words. */
export function derivationOf(key: unknown): Derivation | undefined {
  return typeof key === 'object' && key !== null ? derivations.get(key) : undefined
}

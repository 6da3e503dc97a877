import { expected, expectedType } from '../check'
import { isKey } from './is-key'
import { threefry2x32 } from './threefry'
import { derivationOf, tracedKey } from './traced-key'

export { isKey }

/**
 * A source of random numbers: two 32-bit words, plain data. A key is for one use: the same key gives the same numbers
 * again. Whoever needs several makes them with {@link split} or {@link foldIn} and then leaves the first alone.
 */
export interface Key {
  /** Integers in [0, 2³²). */
  readonly words: readonly [number, number]
}

/**
 * The key of a seed, as `jax.random.key` makes it: the seed's upper and lower 32 bits.
 *
 * @param seed An integer in [0, 2⁵³); 0 is a seed like any other.
 * @throws RangeError when it is none.
 * @example
 * normal(key(0), [3]) // the same numbers on every machine
 */
export function key(seed: number): Key {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw expected('key', 'seed to be an integer in [0, 2^53)', seed)
  }
  return { words: [Math.floor(seed / 2 ** 32), seed >>> 0] }
}

/**
 * Two independent keys from one: `split(source, 2)`.
 *
 * @example
 * const [one, other] = split(key(0))
 * const [a, b, c] = split(other, 3)
 */
export function split(source: Key): [Key, Key]
/**
 * Independent keys from one: key i is Threefry(source, (0, i)), as `jax.random.split` makes it. The first keys of a
 * larger `count` are those of a smaller one.
 *
 * @param count An integer in [1, 2²⁰]; for more, {@link foldIn}. @default 2
 */
export function split(source: Key, count: number): Key[]
export function split(source: Key, count = 2): Key[] {
  checkKey('split', source)
  if (!Number.isInteger(count) || count < 1 || count > 2 ** 20) {
    throw expected('split', 'count to be an integer in [1, 2^20]', count)
  }
  if (derivationOf(source)) return Array.from({ length: count }, (_, i) => foldIn(source, i))
  const words = new Uint32Array(2 * count)
  threefry2x32(source.words, 0, 1, 0, count, words)
  return Array.from({ length: count }, (_, i) => ({ words: [words[2 * i]!, words[2 * i + 1]!] }))
}

/**
 * One independent key for each integer: Threefry(source, (0, data)), as `jax.random.fold_in` makes it. For loops whose
 * length is not known; `foldIn(source, i)` is `split(source, n)[i]`, so use one of the two on a key.
 *
 * @param data An integer in [0, 2³²).
 * @example
 * const ofEpoch = (epoch: number) => foldIn(key(0), epoch)
 * permutation(ofEpoch(3), 1000) // the same after a restart
 */
export function foldIn(source: Key, data: number): Key {
  checkKey('foldIn', source)
  if (!Number.isInteger(data) || data < 0 || data >= 2 ** 32) {
    throw expected('foldIn', 'data to be an integer in [0, 2^32)', data)
  }
  const traced = derivationOf(source)
  return traced ? tracedKey({ ...traced, path: [...traced.path, data] }) : encrypt(source, 0, data)
}

/** The key that is the counter (row, block) under the key `source`. */
export function encrypt(source: Key, row: number, block: number): Key {
  const words = new Uint32Array(2)
  threefry2x32(source.words, row, 1, block, 1, words)
  return { words: [words[0]!, words[1]!] }
}

/** @throws TypeError unless `source` is a key. */
export function checkKey(where: string, source: Key): void {
  if (!isKey(source)) throw expectedType(where, 'a key, as key(seed) makes it', source)
}

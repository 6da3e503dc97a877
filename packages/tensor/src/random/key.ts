import { expected } from '../check'
import { threefry2x32 } from './threefry'

/** A source of random numbers: two 32-bit words. Using one key twice gives the same numbers twice. */
export interface Key {
  readonly words: readonly [number, number]
}

/**
 * The key of a seed, as `jax.random.key` makes it.
 *
 * @param seed An integer in [0, 2⁵³); 0 is a seed like any other.
 */
export function key(seed: number): Key {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw expected('key', 'seed to be an integer in [0, 2^53)', seed)
  return { words: [Math.floor(seed / 2 ** 32), seed >>> 0] }
}

/** `count` independent keys, as `jax.random.split` makes them. @default `count = 2` */
export function split(source: Key, count = 2): Key[] {
  if (!Number.isInteger(count) || count < 1) throw expected('split', 'count to be an integer >= 1', count)
  const high = new Uint32Array(count)
  const low = Uint32Array.from({ length: count }, (_, i) => i)
  threefry2x32(source.words[0], source.words[1], high, low)
  return Array.from(high, (word, i) => ({ words: [word, low[i]!] }))
}

/** An independent key for each integer `data` in [0, 2³²), as `jax.random.fold_in` makes it. */
export function foldIn(source: Key, data: number): Key {
  if (!Number.isInteger(data) || data < 0 || data >= 2 ** 32) {
    throw expected('foldIn', 'data to be an integer in [0, 2^32)', data)
  }
  const high = new Uint32Array(1)
  const low = Uint32Array.of(data)
  threefry2x32(source.words[0], source.words[1], high, low)
  return { words: [high[0]!, low[0]!] }
}

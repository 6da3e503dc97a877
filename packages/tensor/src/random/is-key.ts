import { derivationOf, type TracedKey } from './traced-key'

/** Whether `x` is a key, as `key(seed)` makes it, or stands for one while a function is traced. */
export function isKey(x: unknown): x is TracedKey {
  if (derivationOf(x)) return true
  const words = (x as Partial<TracedKey> | null | undefined)?.words
  return Array.isArray(words) && words.length === 2 && words.every(isWord)
}

const isWord = (word: unknown): boolean => typeof word === 'number' && word === word >>> 0

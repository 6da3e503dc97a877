/**
 * A text that is the same for equal values alone, of numbers, strings, arrays and plain objects: JSON, which has one word for NaN and the
 * infinities and none for −0, with words for all of them.
 *
 * @example
 * signatureOf([0, 1]) === signatureOf([-0, 1]) // → false
 */
export function signatureOf(value: unknown): string {
  return JSON.stringify(value, exactly)
}

function exactly(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value
  if (Object.is(value, -0)) return { number: '-0' }
  return Number.isFinite(value) ? value : { number: String(value) }
}

import { isTensor } from '@sgm/tensor/check'
import { expect } from 'vitest'

/**
 * The code of an example with a check in the place of each line that says what it gives, or what it throws:
 *
 *     add(tensor([1, 2]), 3) // → [4, 5]
 *     checkPositive('ve', { sigmaMax: 0 }) // throws ve: expected sigmaMax > 0, got 0
 */
export function checked(code: string): string {
  const lines = code.split('\n').map((line) => {
    const [, expression, shown] = /^(\S.*?) *\/\/ → (.*)$/.exec(line) ?? []
    if (expression) return `await shows(${expression}, ${shown})`
    const [, call, message] = /^(\S.*?) *\/\/ throws (.*)$/.exec(line) ?? []
    return call ? `await throws(() => { ${call} }, ${JSON.stringify(message)})` : line
  })
  return [`import { shows, throws } from '${import.meta.filename}'`, ...lines].join('\n')
}

/**
 * Holds what an expression gives to what an example shows, to its last decimal.
 *
 * @public of modules that {@link checked} makes.
 */
export async function shows(got: unknown, shown: unknown): Promise<void> {
  expect(await plain(got)).toEqual(rounded(shown))
}

/**
 * Holds a call to the error that an example says it throws.
 *
 * @public as {@link shows}.
 */
export async function throws(call: () => unknown, message: string): Promise<void> {
  await expect((async () => call())()).rejects.toThrow(message)
}

/** Tensors and typed arrays as nested arrays. */
async function plain(got: unknown): Promise<unknown> {
  if (ArrayBuffer.isView(got)) return Array.from(got as Float32Array)
  if (!isTensor(got)) return got
  const values = Array.from(await got.data(), (value) => (got.dtype === 'bool' ? value !== 0 : value))
  return got.shape.reduceRight<unknown[]>((flat, size) => rows(flat, size), values)[0]
}

function rows(flat: readonly unknown[], size: number): unknown[] {
  return Array.from({ length: flat.length / size }, (_, i) => flat.slice(i * size, (i + 1) * size))
}

function rounded(shown: unknown): unknown {
  if (typeof shown === 'number' && Number.isFinite(shown)) {
    return expect.closeTo(shown, Math.max(3, String(shown).split('.')[1]?.length ?? 0))
  }
  if (Array.isArray(shown)) return shown.map(rounded)
  if (typeof shown !== 'object' || shown === null) return shown
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, rounded(value)]))
}

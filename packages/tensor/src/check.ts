import type { Shape } from './types'

/** `[2, 3]` as messages write it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/** The error every bad argument gets: `heun: expected churn >= 0, got -1`. */
export function expected(where: string, what: string, got: unknown): RangeError {
  return new RangeError(`${where}: expected ${what}, got ${describe(got)}`)
}

/** Like {@link expected}, for an argument of the wrong type. */
export function expectedType(where: string, what: string, got: unknown): TypeError {
  return new TypeError(`${where}: expected ${what}, got ${describe(got)}`)
}

/** Throws unless the two shapes are equal. */
export function checkShape(where: string, what: string, got: Shape, wanted: Shape): void {
  if (got.length !== wanted.length || got.some((size, i) => size !== wanted[i])) {
    throw expected(where, `${what} of shape ${formatShape(wanted)}`, formatShape(got))
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return formatShape(value)
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (value !== null && typeof value === 'object') return value.constructor?.name ?? 'object'
  return String(value)
}

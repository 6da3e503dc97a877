/**
 * The error every bad argument gets: `heun: expected churn >= 0, got -1`.
 *
 * @param got What there was instead.
 * @example
 * const { message } = expected('heun', 'churn >= 0', -1)
 * message // → 'heun: expected churn >= 0, got -1'
 */
export function expected(where: string, what: string, got: unknown): RangeError {
  return new RangeError(`${where}: expected ${what}, got ${describe(got)}`)
}

/**
 * Like {@link expected}, for an argument of the wrong type.
 *
 * @param got What there was instead.
 * @example
 * const { message } = expectedType('exp', 'a tensor', 1)
 * message // → 'exp: expected a tensor, got 1'
 */
export function expectedType(where: string, what: string, got: unknown): TypeError {
  return new TypeError(`${where}: expected ${what}, got ${describe(got)}`)
}

/** What messages show of a value: of lists, two deep, the first entries; of text the first characters. */
export function describe(value: unknown, depth = 0): string {
  if (Array.isArray(value)) {
    if (depth === 2) return '[…]'
    const entries = value.slice(0, 8).map((entry) => describe(entry, depth + 1))
    return `[${entries.join(', ')}${value.length > 8 ? ', …' : ''}]`
  }
  if (typeof value === 'function') return `function ${nameOf(value) || '(anonymous)'}`
  if (value !== null && typeof value === 'object') return nameOf(value.constructor) || 'object'
  return String(value).slice(0, 400)
}

function nameOf(named: { readonly name?: unknown } | undefined): string {
  return typeof named?.name === 'string' ? named.name : ''
}

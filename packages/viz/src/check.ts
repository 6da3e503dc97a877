/** The error every bad argument gets: `heatmap: expected 4 values, got 3`. */
export function expected(where: string, what: string, got: unknown): RangeError {
  return new RangeError(`${where}: expected ${what}, got ${describe(got)}`)
}

/** Throws unless `value` is finite and at least `least`. */
export function checkNumber(where: string, name: string, value: number, least = 0): void {
  if (!(Number.isFinite(value) && value >= least)) throw expected(where, `${name} >= ${least}`, value)
}

/** Throws unless `value` is a finite number > 0. */
export function checkPositive(where: string, name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) throw expected(where, `${name} > 0`, value)
}

/** Throws unless `value` is a whole number of at least `least`. */
export function checkCount(where: string, name: string, value: number, least = 1): void {
  if (!(Number.isInteger(value) && value >= least)) {
    throw expected(where, `${name} to be a whole number >= ${least}`, value)
  }
}

/** Throws unless `extent` is two finite numbers, the lower first. */
export function checkExtent(where: string, name: string, extent: readonly [number, number]): void {
  const [low, high] = Array.isArray(extent) ? extent : [Number.NaN, Number.NaN]
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw expected(where, `${name} to be [low, high] with low < high`, extent)
  }
}

/** `[2, 3]` as messages write it. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return formatShape(value)
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (value !== null && typeof value === 'object') return value.constructor?.name ?? 'object'
  return String(value)
}

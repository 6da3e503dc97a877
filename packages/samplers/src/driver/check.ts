import { expected } from '@sgm/tensor'

/** Throws unless each named number is finite and > 0. */
export function positive(where: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(value > 0 && Number.isFinite(value))) throw expected(where, `${name} > 0`, value)
  }
}

/** Throws unless each named number is finite and >= 0. */
export function nonNegative(where: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(value >= 0 && Number.isFinite(value))) throw expected(where, `${name} >= 0`, value)
  }
}

/** Throws unless each named number is an integer >= `least`. */
export function integer(where: string, options: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(Number.isInteger(value) && value >= least)) {
      throw expected(where, `${name} to be an integer >= ${least}`, value)
    }
  }
}

/** Throws unless the named value is one of those listed. */
export function oneOf(where: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string)) {
    throw expected(where, `${name} to be ${allowed.map((a) => `'${a}'`).join(' or ')}`, value)
  }
}

import { expected } from '@sgm/tensor'

/** Throws unless `value` is an integer >= `least`. */
export function checkCount(where: string, name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw expected(where, `${name} to be an integer >= ${least}`, value)
  }
}

/** Throws unless `value` is a finite number >= 0. */
export function checkNotNegative(where: string, name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) throw expected(where, `${name} >= 0`, value)
}

/** Throws unless `value` is a finite number > 0. */
export function checkPositive(where: string, name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw expected(where, `${name} > 0`, value)
}

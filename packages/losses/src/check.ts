import { expected } from '@sgm/tensor'

/** Throws unless `value` is a finite number > 0. */
export function checkPositive(where: string, name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw expected(where, `${name} > 0`, value)
}

/** Throws unless `value` is a finite number. */
export function checkFinite(where: string, name: string, value: number): void {
  if (!Number.isFinite(value)) throw expected(where, `${name} to be finite`, value)
}

/** Throws unless `value` is an integer >= 1. */
export function checkCount(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw expected(where, `${name} to be an integer >= 1`, value)
}

import { checkHalfOpen, expectedType } from '@sgm/tensor/check'
import { themeOf } from './theme'
import type { Style } from './types'

const LEAST_WIDTH = 80

/** @throws RangeError unless the style makes sense. */
export function checkStyle(where: string, style: Style): void {
  const { theme, width } = style
  if (theme !== undefined) themeOf(where, theme)
  if (width !== undefined) checkHalfOpen(where, { width }, LEAST_WIDTH, 2 ** 20)
}

/** A list as it was given. @throws TypeError for what is none. */
export function listOf<T>(where: string, name: string, list: readonly T[]): readonly T[] {
  if (!Array.isArray(list)) throw expectedType(where, `${name} to be a list`, list)
  return list
}

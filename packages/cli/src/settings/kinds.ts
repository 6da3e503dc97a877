import { isAllowed, type NumberSetting, rangeInWords } from '@sgm/sde'
import * as v from 'valibot'

/** What a value may be: as a check, in words, and as it is read from the command line. */
export interface Kind<T = unknown> {
  readonly schema: v.GenericSchema<unknown, T>
  /** `to be a number > 0`, or the names to choose from. */
  readonly words: string
  /** Undefined for a switch, which takes no text. */
  readonly read?: (text: string) => unknown
}

/** A number within bounds. */
export function number(bounds: Omit<NumberSetting, 'summary' | 'default'> = {}): Kind<number> {
  const range = rangeInWords(bounds)
  const words = bounds.whole ? range : range.replace(/^(to be finite)?/, 'to be a number ').trim()
  return {
    schema: v.custom<number>((value) => isAllowed(bounds, value), words),
    words,
    read: (text) => (text.trim() === '' ? Number.NaN : Number(text)),
  }
}

/** An integer >= 1. */
export const count = number({ least: 1, whole: true })

/** An integer >= 0. */
export const whole = number({ least: 0, whole: true })

/** A number > 0. */
export const positive = number({ above: 0 })

/** One of a few names. */
export function oneOf<const T extends string>(names: readonly T[]): Kind<T> {
  const words = names.join('|')
  return { schema: v.picklist(names, words), words, read: (text) => text }
}

/** Some of a few names, with commas between, or `none`. */
export function someOf(names: readonly string[]): Kind<string> {
  const words = `to be ${names.join(', ')} with commas between, or none`
  const isList = (value: unknown): boolean =>
    value === 'none' || (typeof value === 'string' && value.split(',').every((name) => names.includes(name)))
  return { schema: v.custom<string>(isList, words), words, read: (text) => text }
}

/** A text that is not empty. */
export const text: Kind<string> = {
  schema: v.pipe(v.string('to be text'), v.nonEmpty('to be text')),
  words: 'to be text',
  read: (value) => value,
}

/** True or false: a switch. */
export const flag: Kind<boolean> = { schema: v.boolean('to be true or false'), words: 'to be true or false' }

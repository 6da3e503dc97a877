import { expected, expectedType } from '@sgm/tensor/check'
import * as v from 'valibot'
import { type Context, checkContext } from '../context'
import type { Kind } from './kinds'

/** An option of a command: what it is and what it may be. Its name makes its flag. */
export interface Setting<T = unknown> {
  /** A line of help, with the default in parentheses. */
  readonly help: string
  readonly kind: Kind<T>
  /** What help calls its value. @default `n`, or nothing for a switch */
  readonly value?: string
  /** Another flag, such as `-n`. */
  readonly short?: string
  /** Whether the switch turns something off: `--no-dequantize`. @default false */
  readonly off?: boolean
  readonly required?: boolean
}

/** Options by name. */
export type Settings = Readonly<Record<string, Setting>>

/** The settings of an options type: one for each member. */
export type SettingsOf<T> = { readonly [K in keyof T]-?: Setting<NonNullable<T[K]>> }

/** The flag of an option: `warmUp` → `--warm-up`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/**
 * Options as a program gives them, checked by the table that the command line is read by.
 *
 * @throws RangeError in the words of the options, when one is out of its range or unknown. TypeError when they are no object.
 */
export function checkOptions(settings: Settings, options: object, context: Context = {}): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw expectedType('sgm', 'options by name', options)
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const entries = Object.entries(settings).map(([name, { kind, required }]) => [
    name,
    required ? kind.schema : v.optional(kind.schema),
  ])
  refuse(v.safeParse(v.strictObject(Object.fromEntries(entries)), given))
  checkContext('sgm', context)
}

/** Throws the first thing that is wrong with an object, by the flag of its member. */
export function refuse(result: v.SafeParseResult<v.GenericSchema>, where = ''): void {
  if (result.success) return
  const [issue] = result.issues
  const path = (issue.path ?? []) as readonly { readonly key: unknown; readonly value: unknown }[]
  const flag = path.map(({ key }, i) => (i === 0 ? flagOf(String(key)) : String(key))).join(' ')
  const got = path.at(-1)?.value
  const { expected: wanted, type } = issue
  if (type === 'strict_object' && wanted === 'never') throw expected('sgm', `no ${flag}${where}`, got)
  if (got === undefined) throw expected('sgm', `${flag}${where}`, 'none')
  throw expected('sgm', `${flag} ${issue.message}${where}`, got)
}

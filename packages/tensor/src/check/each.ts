import { expected, type expectedType } from '../expected'
import { objectOf } from '../options'

/** Arguments by the names that messages call them: `{ churn }`. */
export type Named = Readonly<Record<string, unknown>>

/** Throws, of the first value for which `holds` is false, that it is not what it is to be. */
export function check(
  where: string,
  values: Named,
  holds: (value: unknown) => boolean,
  what: string,
  error: typeof expected | typeof expectedType = expected,
): void {
  const named = objectOf(where, values, 'values by name')
  for (const name of Object.keys(named)) {
    if (!holds(named[name])) throw error(where, `${name} ${what}`, quoted(named[name]))
  }
}

/** Values and their names. @throws TypeError for what is no object. */
export const namedIn = (where: string, values: Named) =>
  Object.entries(objectOf(where, values, 'values by name'))

export const isNumber = (value: unknown): value is number => Number.isFinite(value)

/** Strings in quotes: '3' is no 3. */
export const quoted = (value: unknown): unknown => (typeof value === 'string' ? `'${value}'` : value)

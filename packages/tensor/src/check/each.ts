import { expected, type expectedType } from '../expected'

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
  for (const [name, value] of Object.entries(values)) {
    if (!holds(value)) throw error(where, `${name} ${what}`, quoted(value))
  }
}

export const isNumber = (value: unknown): value is number => Number.isFinite(value)

/** Strings in quotes: '3' is no 3. */
export const quoted = (value: unknown): unknown => (typeof value === 'string' ? `'${value}'` : value)

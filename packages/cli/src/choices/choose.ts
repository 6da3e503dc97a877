import { expected } from '@sgm/tensor'

/** The entry of a table that a user named. */
export function choose<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (!Object.hasOwn(table, name)) throw expected('sgm', `${what} ${Object.keys(table).join('|')}`, name)
  return table[name]!
}

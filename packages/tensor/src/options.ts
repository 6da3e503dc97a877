import { expectedType } from './expected'

/** Every name of a type's properties, so that a list of them that lacks one does not compile. */
export type NamesOf<T> = { readonly [K in keyof T]-?: unknown }

/**
 * The options, where they are an object with no other names than those that there are: a mistyped name would leave its default in force.
 *
 * @param options What was given.
 * @param names Every name that the options may have.
 * @throws TypeError for anything but an object, and for a name that is not among them.
 * @example
 * const half = (options: { churn?: number } = {}) => {
 *   const { churn = 0 } = optionsOf('half', options, { churn: true })
 *   return churn / 2
 * }
 * half({ churn: 4 }) // → 2
 */
export function optionsOf<T extends object>(where: string, options: T, names: NamesOf<NoInfer<T>>): T {
  objectOf(where, options, 'an object of options')
  const other = Object.keys(options).find((name) => !Object.hasOwn(names, name))
  if (other !== undefined) {
    throw expectedType(where, `options ${Object.keys(names).join(', ')}`, `'${other}'`)
  }
  return options
}

/**
 * The value, where it is an object.
 *
 * @param value What was given.
 * @param what What the error calls it.
 * @throws TypeError for anything else: null, a list, a function, a number.
 * @example
 * const countOf = (tensors: Record<string, Tensor>) => {
 *   const named = objectOf('countOf', tensors, 'tensors by name')
 *   return Object.keys(named).length
 * }
 * countOf({ x: ones([1]) }) // → 1
 */
export function objectOf<T extends object>(where: string, value: T, what: string): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw expectedType(where, what, value)
  }
  return value
}

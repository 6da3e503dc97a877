import { type KernelName, type Node, operands, type Value } from '@sgm/tensor/compile'
import type { Reading } from './merge'

/** What a value is made of: any value, by a name that stands for the same one everywhere, or a call of a kernel on such. */
export type Expression = string | readonly [kernel: KernelName, ...operands: Expression[]]

/** A value that is what an expression says. */
export interface Match {
  /** The values that names stand for. */
  readonly values: ReadonlyMap<string, Value>
  /** The calls that make the value of them. */
  readonly calls: ReadonlySet<Node>
}

/** What in a value an expression's names stand for, if it is what the expression says: operands in the same order. Attributes are not looked at. */
export function matched(value: Value, expression: Expression, reading: Reading): Match | undefined {
  const values = new Map<string, Value>()
  const calls = new Set<Node>()
  const is = (value: Value, expression: Expression): boolean => {
    if (typeof expression === 'string') {
      const known = values.get(expression) ?? value
      values.set(expression, known)
      return known.id === value.id
    }
    const [kernel, ...wanted] = expression
    const made = reading.maker(value)
    if (made?.kernel !== kernel) return false
    calls.add(made)
    const given = operands(made)
    return given.length === wanted.length && given.every((operand, i) => is(operand, wanted[i]!))
  }
  return is(value, expression) ? { values, calls } : undefined
}

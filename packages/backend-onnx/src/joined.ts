import type { TypedArray } from '@sgm/tensor'

/** Arrays of one type, one after the other. */
export function joined(parts: readonly TypedArray[]): TypedArray {
  const [first] = parts as [TypedArray]
  if (parts.length === 1) return first
  const Values = first.constructor as new (length: number) => TypedArray
  const values = new Values(parts.reduce((total, { length }) => total + length, 0))
  let begin = 0
  for (const part of parts) {
    values.set(part, begin)
    begin += part.length
  }
  return values
}

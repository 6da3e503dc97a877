import { tensor } from '../ops/create'
import type { Tensor, TypedArray, Variable } from '../types'
import type { GraphVariable } from './graph'
import { valuesAs } from './values'

/** The tensors behind a graph's variables: more than one where a variable holds several, one after the other. */
export type State = readonly (readonly Variable[])[]

/** The values of a graph's variables. */
export function readState(state: State): Promise<TypedArray[]> {
  return Promise.all(state.map(async (tensors) => joined(await Promise.all(tensors.map(read)))))
}

/** Assigns what the runtime has made of those that change. */
export function assignState(
  state: State,
  variables: readonly GraphVariable[],
  values: readonly TypedArray[],
): void {
  for (const [i, { value, next }] of variables.entries()) {
    if (!next) continue
    let begin = 0
    for (const variable of state[i]!) {
      const fresh = tensor(values[i]!.subarray(begin, begin + variable.size), variable.shape, value.dtype)
      variable.assign(fresh)
      fresh.dispose()
      begin += variable.size
    }
  }
}

/** A tensor's values, in the array of its type. */
export async function read(x: Tensor): Promise<TypedArray> {
  return valuesAs(x.dtype, await x.data())
}

function joined(parts: readonly TypedArray[]): TypedArray {
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

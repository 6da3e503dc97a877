import { expected, expectedType } from '../check'
import type { NamedTensors, Tensor } from '../types'

/** What can be differentiated by: a tensor, a list of them, or named ones. */
export type Differentiable = Tensor | readonly Tensor[] | NamedTensors

/** The same structure as `P`, every tensor replaced by its gradient. */
export type Gradients<P extends Differentiable> = P extends Tensor
  ? Tensor
  : { readonly [K in keyof P]: Tensor }

/** The tensors of `x` in a fixed order, and how to give others its structure. */
export interface Leaves<P extends Differentiable> {
  readonly leaves: readonly Tensor[]
  readonly build: (values: readonly Tensor[]) => Gradients<P>
}

/**
 * Takes a structure apart.
 *
 * @throws TypeError when something in it is no float32 tensor.
 */
export function flatten<P extends Differentiable>(where: string, x: P): Leaves<P> {
  const { leaves, build } = takeApart(where, x)
  if (leaves.length === 0) throw expected(where, 'at least one tensor to differentiate by', 'none')
  for (const leaf of leaves) {
    if (!isTensor(leaf)) throw expectedType(where, 'tensors to differentiate by', leaf)
    if (leaf.dtype !== 'float32') {
      throw expectedType(where, 'float32 tensors to differentiate by', leaf.dtype)
    }
  }
  return { leaves, build: build as Leaves<P>['build'] }
}

/** Whether a value is a tensor. */
export function isTensor(x: unknown): x is Tensor {
  return (
    typeof x === 'object' &&
    x !== null &&
    typeof (x as Tensor).data === 'function' &&
    Array.isArray((x as Tensor).shape)
  )
}

function takeApart(
  where: string,
  x: Differentiable,
): { leaves: readonly Tensor[]; build: (values: readonly Tensor[]) => unknown } {
  if (Array.isArray(x)) return { leaves: x, build: (values) => values }
  if (isTensor(x)) return { leaves: [x], build: (values) => values[0] }
  if (typeof x !== 'object' || x === null) throw expectedType(where, 'tensors to differentiate by', x)
  const names = Object.keys(x)
  return {
    leaves: names.map((name) => (x as NamedTensors)[name]!),
    build: (values) => Object.fromEntries(names.map((name, i) => [name, values[i]])),
  }
}

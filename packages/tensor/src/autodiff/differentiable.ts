import { checkTensor, expected, expectedType } from '../check'
import { isTensor, takeApart } from '../tree'
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
  const { leaves, rebuild } = takeApart<Tensor>(where, 'tensors to differentiate by', x, (leaf) =>
    isTensor(leaf) ? 'T' : undefined,
  )
  if (leaves.length === 0) throw expected(where, 'at least one tensor to differentiate by', 'none')
  for (const leaf of leaves) {
    checkTensor(where, leaf)
    const { dtype } = leaf
    if (dtype !== 'float32') throw expectedType(where, 'float32 tensors to differentiate by', dtype)
  }
  return { leaves, build: rebuild as Leaves<P>['build'] }
}

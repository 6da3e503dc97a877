import { isKey, type Key } from '../random/key'
import { isTensor, takeApart } from '../tree'
import type { Tensor } from '../types'

/** The tensors and keys in what a function takes or gives, and what is needed to put others in their place. */
export interface Flattened {
  readonly tensors: readonly Tensor[]
  readonly keys: readonly Key[]
  /** Equal for trees of the same structure. */
  readonly structure: string
  rebuild(tensors: readonly Tensor[], keys: readonly Key[]): unknown
}

const WHAT = 'tensors, keys, and arrays and plain objects of them (scalar(n) for a number)'

/**
 * @throws TypeError when a leaf is neither a tensor, a key, undefined nor null.
 * @example
 * const given = [{ x: ones([1]) }, key(0)]
 * const { tensors } = flattenArguments('mine', given)
 * tensors.length // → 1
 */
export function flatten(where: string, tree: unknown): Flattened {
  const { leaves, structure, rebuild } = takeApart<Tensor | Key>(where, WHAT, tree, (x) =>
    isTensor(x) ? 'T' : isKey(x) ? 'K' : undefined,
  )
  return {
    tensors: leaves.filter(isTensor),
    keys: leaves.filter((leaf): leaf is Key => !isTensor(leaf)),
    structure,
    rebuild(tensors, keys) {
      const [nextTensor, nextKey] = [tensors.values(), keys.values()]
      return rebuild(leaves.map((leaf) => (isTensor(leaf) ? nextTensor : nextKey).next().value))
    },
  }
}

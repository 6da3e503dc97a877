import { expectedType } from '../check'
import type { Key } from '../random/key'
import { derivationOf } from '../random/traced-key'
import type { Tensor } from '../types'

/** What arrays and plain objects of any depth hold, and what is needed to put others in its place. */
export interface Flattened {
  readonly tensors: readonly Tensor[]
  readonly keys: readonly Key[]
  /** Equal for trees of the same structure. */
  readonly structure: string
  rebuild(tensors: readonly Tensor[], keys: readonly Key[]): unknown
}

/** @throws TypeError when a leaf is neither a tensor, a key, undefined nor null. */
export function flatten(where: string, tree: unknown): Flattened {
  const leaves = { tensors: [] as Tensor[], keys: [] as Key[] }
  const { structure, from } = walk(where, tree, leaves)
  return { ...leaves, structure, rebuild: (tensors, keys) => from({ tensors, keys }) }
}

interface Leaves {
  readonly tensors: readonly Tensor[]
  readonly keys: readonly Key[]
}

interface Builder {
  readonly structure: string
  from(leaves: Leaves): unknown
}

function walk(where: string, tree: unknown, leaves: { tensors: Tensor[]; keys: Key[] }): Builder {
  if (tree === undefined || tree === null) return { structure: '-', from: () => tree }
  if (isTensor(tree)) {
    const index = leaves.tensors.push(tree) - 1
    return { structure: 'T', from: ({ tensors }) => tensors[index] }
  }
  if (isKey(tree)) {
    const index = leaves.keys.push(tree) - 1
    return { structure: 'K', from: ({ keys }) => keys[index] }
  }
  if (Array.isArray(tree)) {
    const parts = tree.map((child) => walk(where, child, leaves))
    return {
      structure: `[${parts.map(({ structure }) => structure)}]`,
      from: (values) => parts.map((part) => part.from(values)),
    }
  }
  if (typeof tree === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(tree))) {
    const parts = Object.entries(tree).map(([name, child]) => [name, walk(where, child, leaves)] as const)
    return {
      structure: `{${parts.map(([name, { structure }]) => `${JSON.stringify(name)}:${structure}`)}}`,
      from: (values) => Object.fromEntries(parts.map(([name, part]) => [name, part.from(values)])),
    }
  }
  throw expectedType(
    where,
    'tensors, keys, and arrays and plain objects of them (scalar(n) for a number)',
    tree,
  )
}

/** Whether `x` has the shape of a {@link Tensor}. */
export function isTensor(x: unknown): x is Tensor {
  const tensor = x as Tensor
  return typeof tensor?.data === 'function' && Array.isArray(tensor.shape)
}

function isKey(x: unknown): x is Key {
  if (derivationOf(x)) return true
  const { words } = x as Partial<Key>
  return Array.isArray(words) && words.length === 2 && words.every((word) => word === word >>> 0)
}

import { expectedType } from '../check'
import type { Tensor } from '../types'

/** Splits arrays and plain objects of any depth into their tensors and what is needed to put others in their place. */
export interface Flattened {
  readonly tensors: readonly Tensor[]
  /** Equal for trees of the same structure. */
  readonly structure: string
  rebuild(tensors: readonly Tensor[]): unknown
}

/** @throws TypeError when a leaf is neither a tensor nor undefined or null. */
export function flatten(where: string, tree: unknown): Flattened {
  const tensors: Tensor[] = []
  const build = walk(where, tree, tensors)
  return { tensors, structure: build.structure, rebuild: (values) => build.from(values) }
}

interface Builder {
  readonly structure: string
  from(tensors: readonly Tensor[]): unknown
}

function walk(where: string, tree: unknown, tensors: Tensor[]): Builder {
  if (tree === undefined || tree === null) return { structure: '-', from: () => tree }
  if (isTensor(tree)) {
    const index = tensors.push(tree) - 1
    return { structure: 'T', from: (values) => values[index] }
  }
  if (Array.isArray(tree)) {
    const parts = tree.map((child) => walk(where, child, tensors))
    return {
      structure: `[${parts.map(({ structure }) => structure)}]`,
      from: (values) => parts.map((part) => part.from(values)),
    }
  }
  if (typeof tree === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(tree))) {
    const parts = Object.entries(tree).map(([name, child]) => [name, walk(where, child, tensors)] as const)
    return {
      structure: `{${parts.map(([name, { structure }]) => `${JSON.stringify(name)}:${structure}`)}}`,
      from: (values) => Object.fromEntries(parts.map(([name, part]) => [name, part.from(values)])),
    }
  }
  throw expectedType(where, 'tensors, and arrays and plain objects of them (scalar(n) for a number)', tree)
}

/** Whether `x` has the shape of a {@link Tensor}. */
export function isTensor(x: unknown): x is Tensor {
  const tensor = x as Tensor
  return typeof tensor?.data === 'function' && Array.isArray(tensor.shape)
}

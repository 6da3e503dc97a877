import { expectedType, isTensor } from './check'
import type { Tensor } from './types'

export { isTensor }

/** The ends of a tree of arrays and plain objects, and how to put others in their place. */
export interface Tree<Leaf> {
  readonly leaves: readonly Leaf[]
  /** Equal for trees of the same structure, the kinds of their leaves included. */
  readonly structure: string
  /** A tree of the same structure with other leaves. */
  rebuild(leaves: readonly unknown[]): unknown
}

/**
 * Takes a tree apart. `undefined` and `null` stay where they are.
 *
 * @param kindOf A letter for each kind of leaf; undefined for what is none.
 * @throws TypeError that says `what` was expected, for anything else at an end, and for trees that contain themselves.
 */
export function takeApart<Leaf>(
  where: string,
  what: string,
  tree: unknown,
  kindOf: (x: unknown) => string | undefined,
): Tree<Leaf> {
  const leaves: Leaf[] = []
  const above = new Set<unknown>()
  const walk = (node: unknown): Pick<Tree<Leaf>, 'structure' | 'rebuild'> => {
    if (node === undefined || node === null) return { structure: '-', rebuild: () => node }
    const kind = kindOf(node)
    if (kind) {
      const index = leaves.push(node as Leaf) - 1
      return { structure: kind, rebuild: (values) => values[index] }
    }
    if (!isBranch(node)) throw expectedType(where, what, node)
    if (above.has(node))
      throw expectedType(where, `${what}, none inside itself`, 'a tree that contains itself')
    above.add(node)
    const parts = Object.entries(node).map(([name, child]) => [name, walk(child)] as const)
    above.delete(node)
    if (Array.isArray(node)) {
      return {
        structure: `[${parts.map(([, { structure }]) => structure)}]`,
        rebuild: (values) => parts.map(([, part]) => part.rebuild(values)),
      }
    }
    return {
      structure: `{${parts.map(([name, { structure }]) => `${JSON.stringify(name)}:${structure}`)}}`,
      rebuild: (values) => Object.fromEntries(parts.map(([name, part]) => [name, part.rebuild(values)])),
    }
  }
  return { ...walk(tree), leaves }
}

function isBranch(node: unknown): node is object {
  if (Array.isArray(node)) return true
  if (typeof node !== 'object' || node === null) return false
  return [Object.prototype, null].includes(Object.getPrototypeOf(node))
}

/**
 * The tensors inside arrays and objects of any depth, each once; all else is passed over.
 *
 * @example
 * tensorsIn({ a: ones([1]), b: [zeros([2]), 'text'] }).length // → 2
 */
export function tensorsIn(tree: unknown): Tensor[] {
  const seen = new Set<unknown>()
  const found: Tensor[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node) || ArrayBuffer.isView(node)) return
    seen.add(node)
    if (isTensor(node)) found.push(node)
    else for (const child of Object.values(node)) walk(child)
  }
  walk(tree)
  return found
}

/** The tree with other tensors in place of its own; arrays and plain objects are made anew where something in them changes. */
export function mapTensors<T>(tree: T, change: (x: Tensor) => Tensor): T
export function mapTensors(tree: unknown, change: (x: Tensor) => Tensor): unknown {
  const seen = new Map<unknown, unknown>()
  const walk = (node: unknown): unknown => {
    if (!isTensor(node) && !isBranch(node)) return node
    if (!seen.has(node)) seen.set(node, isTensor(node) ? change(node) : changed(node))
    return seen.get(node)
  }
  const changed = (node: object): object => {
    const entries = Object.entries(node).map(([name, child]) => [name, child, walk(child)] as const)
    if (entries.every(([, before, after]) => before === after)) return node
    const values = entries.map(([name, , after]) => [name, after] as const)
    return Array.isArray(node) ? values.map(([, value]) => value) : Object.fromEntries(values)
  }
  return walk(tree)
}

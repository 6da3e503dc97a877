import {
  type Elementwise,
  type Graph,
  type KernelName,
  type Node,
  operands,
  results,
  sameShape,
  sizeOf,
  type Value,
  withOperands,
} from '@sgm/tensor/compile'
import { Builder } from '../builder'
import { identity, type Order } from '../layout'
import { loweringRules } from '.'
import { Context } from './context'
import { elementwise } from './elementwise'
import type { Merges } from './merges'

/** Consecutive calls that work element by element on one shape. */
interface Run {
  readonly nodes: readonly Node<Elementwise>[]
  /** What they read from elsewhere. */
  readonly inputs: readonly Value[]
  /** What others read of theirs. */
  readonly outputs: readonly Value[]
}

/** Values smaller than so many tiles stay whole: they fit into the processor's caches anyhow. */
const LEAST_TILES = 4
/** Operators that must be spared the way to memory for each copy that cutting and joining make. */
const LEAST_OPERATORS = 2

/** How calls are written. */
export interface Lowering {
  /** Elements of a tile. @default nothing is cut */
  readonly tile?: number | undefined
  /** Calls that are made at once. @default none are */
  readonly merges?: Merges | undefined
}

/**
 * Writes a graph's kernel calls. Runs of elementwise calls on values of many elements are written once for each tile of so many:
 * between two operators a tile stays in the processor's cache, where a whole value would go to memory and come back. The results are
 * the same, bit by bit.
 *
 */
export function lowerNodes(
  context: Context,
  graph: Graph,
  { tile = Number.POSITIVE_INFINITY, merges }: Lowering = {},
): void {
  let pending: Node<Elementwise>[] = []
  const readers = new Map<number, Node[]>()
  for (const node of graph.nodes) {
    for (const { id } of operands(node)) {
      const known = readers.get(id)
      if (known) known.push(node)
      else readers.set(id, [node])
    }
  }
  const kept = new Set(results(graph).map(({ id }) => id))
  const isPending = (node: Node): boolean => pending.some((one) => one === node)
  const flush = (): void => {
    if (pending.length === 0) return
    const run = runOf(pending, (value) => {
      return kept.has(value.id) || (readers.get(value.id) ?? []).some((reader) => !isPending(reader))
    })
    if (!(isWorthwhile(run, context) && lowerTiles(context, run, tile)))
      for (const node of pending) lowerNode(context, node)
    pending = []
  }
  for (const node of graph.nodes) {
    if (merges?.has(node)) {
      flush()
      if (merges.lower(context, node)) continue
    }
    const [output] = node.outputs
    const fits = isElementwise(node) && sizeOf(output!.shape) >= LEAST_TILES * tile
    if (pending.length > 0 && !(fits && sameShape(output!.shape, pending[0]!.outputs[0]!.shape))) flush()
    if (fits) pending.push(node)
    else lowerNode(context, node)
  }
  flush()
}

function isElementwise(node: Node): node is Node<Elementwise> {
  return Object.hasOwn(elementwise, node.kernel)
}

/** Writes one kernel call. */
export function lowerNode<K extends KernelName>(context: Context, node: Node<K>): void {
  loweringRules[node.kernel](context, node)
}

function runOf(nodes: readonly Node<Elementwise>[], isRead: (value: Value) => boolean): Run {
  const made = nodes.flatMap(({ outputs }) => outputs)
  const own = new Set(made.map(({ id }) => id))
  const read = nodes.flatMap(operands).filter(({ id }) => !own.has(id))
  return {
    nodes,
    inputs: [...new Map(read.map((value) => [value.id, value])).values()],
    outputs: made.filter(isRead),
  }
}

function isWorthwhile({ nodes, inputs, outputs }: Run, { gates }: Context): boolean {
  const scratch = new Context(new Builder(), gates)
  for (const value of inputs) scratch.place(value, `${value.id}`)
  for (const node of nodes) lowerNode(scratch, node)
  const whole = sizeOf(nodes[0]!.outputs[0]!.shape)
  const copies = inputs.filter(({ shape }) => sizeOf(shape) === whole).length + outputs.length
  return scratch.builder.nodes.length >= LEAST_OPERATORS * copies
}

/** Whether the run could be cut. */
function lowerTiles(context: Context, { nodes, inputs, outputs }: Run, tile: number): boolean {
  const { builder } = context
  const { shape } = nodes[0]!.outputs[0]!
  const rank = shape.length
  const order = context.common(inputs, rank)
  const axis = order.findIndex((i) => shape[i] !== 1)
  const along = order[axis]!
  const length = shape[along]!
  const share = Math.max(1, Math.floor(tile / (sizeOf(shape) / length)))
  if (share >= length) return false
  const sizes = Array.from({ length: Math.ceil(length / share) }, (_, i) =>
    Math.min(share, length - i * share),
  )
  const cut = inputs.map((value) => pieces(context, value, { rank, order, axis, along, length, sizes }))

  const parts = sizes.map((part, i) => {
    const small = new Context(builder, context.gates)
    const forms = new Map<number, Value>()
    for (const { value, at } of cut) {
      const { form, name, order } = at(i)
      small.place(form, name, order)
      forms.set(value.id, form)
    }
    for (const node of nodes) {
      const made = node.outputs.map((value) => ({ ...value, shape: shape.with(along, part) }))
      for (const value of made) forms.set(value.id, value)
      lowerNode(
        small,
        withOperands(node, ({ id }) => forms.get(id)!, made),
      )
    }
    return outputs.map(({ id }) => small.as(forms.get(id)!, order))
  })
  outputs.forEach((value, i) => {
    const name = builder.op(
      'Concat',
      parts.map((names) => names[i]!),
      { axis },
    )
    context.place(value, name, order)
  })
  return true
}

interface Cut {
  readonly rank: number
  readonly order: Order
  /** The stored axis that is cut, and the value's that lies there. */
  readonly axis: number
  readonly along: number
  readonly length: number
  readonly sizes: readonly number[]
}

/** An operand of each tile: a piece of its own, or where the operand repeats along the cut, all of it. */
function pieces(context: Context, value: Value, { rank, order, axis, along, length, sizes }: Cut) {
  if (value.shape.length === 0) {
    const name = context.as(value)
    return { value, at: () => ({ form: value, name, order: identity(0) }) }
  }
  const shape = [...Array<number>(rank - value.shape.length).fill(1), ...value.shape]
  const name = context.as(value, order)
  if (shape[along] !== length) return { value, at: () => ({ form: { ...value, shape }, name, order }) }
  const { builder } = context
  const names = builder.ops('Split', [name, builder.ints(sizes)], sizes.length, { axis })
  return {
    value,
    at: (i: number) => ({ form: { ...value, shape: shape.with(along, sizes[i]!) }, name: names[i]!, order }),
  }
}

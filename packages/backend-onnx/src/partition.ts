import { type Cut, type Graph, type Node, operands } from '@sgm/tensor/compile'
import { cutOf } from './rows'

/** Which calls are made when. */
export interface Partition {
  readonly before: readonly Node[]
  readonly perPart: readonly Node[]
  readonly after: readonly Node[]
  /** What becomes of the results of the calls that are made for each part. */
  readonly cuts: ReadonlyMap<number, Cut>
}

/** Which calls are made for each of so many equal parts of a batch. Nothing, where a call needs all parts of what is made so, or none is. */
export function partition(
  { inputs, draws, nodes }: Graph,
  batch: number,
  parts: number,
): Partition | undefined {
  const entering = [...inputs, ...draws.map(({ value }) => value)]
  const cuts = new Map<number, Cut>(
    entering.filter(({ shape }) => shape[0] === batch).map(({ id }) => [id, 'rows']),
  )
  const late = new Set<number>()
  const [before, perPart, after]: [Node[], Node[], Node[]] = [[], [], []]
  for (const node of nodes) {
    const read = operands(node)
    const cut = read.some(({ id }) => cuts.get(id) === 'rows')
    const waits = read.some(({ id }) => late.has(id) || cuts.get(id) === 'sum')
    if (cut) {
      const made = waits ? undefined : cutOf(node, ({ id }) => cuts.get(id) === 'rows', parts)
      if (!made) return undefined
      for (const { id } of node.outputs) cuts.set(id, made)
    } else if (waits) for (const { id } of node.outputs) late.add(id)
    ;(cut ? perPart : waits ? after : before).push(node)
  }
  return perPart.length > 0 ? { before, perPart, after, cuts } : undefined
}

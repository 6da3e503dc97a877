import { type Graph, sizeOf } from '@sgm/tensor/compile'

/** Elements of values that operators take so long for that waking a thread costs nothing beside them. */
const LARGE = 1 << 19

/** Microseconds for which threads look for more work in a graph of large values; undefined of others: the runtime's own. */
export function spinOf({ nodes }: Pick<Graph, 'nodes'>): number | undefined {
  const isLarge = nodes.some(({ outputs }) => outputs.some(({ shape }) => sizeOf(shape) >= LARGE))
  return isLarge ? 20 : undefined
}

import { freshValues, type Graph, sizeOf, type Value } from '@sgm/tensor/compile'
import { shaderOfGroup } from '../shaders'
import type { Shader } from '../shaders/shader'
import { callsOf } from './calls'
import { fuse } from './fuse'
import { type MemoryPlan, planMemory } from './memory'
import { withResults } from './results'
import type { Tuning } from './tuning'

/** Values of at most so many elements are kept in one buffer: kernels read many of them, and may bind few buffers. */
const SMALL = 64

/** All that is done with a graph before a device is asked for anything. */
export interface Plan {
  readonly shaders: readonly Shader[]
  /** Constants that kernels read from memory. */
  readonly constants: Graph['constants']
  /** Place of each small value among them, by the value's id. */
  readonly small: ReadonlyMap<number, number>
  /** Elements of all small values. */
  readonly smallSize: number
  /** Buffers of the values that no call returns and no variable holds. */
  readonly memory: MemoryPlan
  /** Values with the elements of `graph.outputs`. */
  readonly outputs: readonly Value[]
  /** Values with the elements of the variables' next values. */
  readonly nexts: readonly (Value | undefined)[]
}

/** Kernels for a graph. @throws Error that names the kernel, for a graph with one that has no code. */
export function planGraph(graph: Graph, tuning: Tuning): Plan {
  const fresh = freshValues(graph)
  const { calls, outputs, nexts } = withResults(graph, callsOf(graph, fresh, tuning), fresh)
  const scalars = scalarsOf(graph)
  const state = nexts.filter((next) => next !== undefined)
  const large = new Set(
    [...graph.variables, ...graph.draws].map(({ value }) => value.id).concat(state.map(({ id }) => id)),
  )
  const isSmall = ({ id, shape }: Value): boolean => sizeOf(shape) <= SMALL && !large.has(id)
  const { groups, sources } = fuse(calls, {
    wanted: [...outputs, ...state],
    bindings: tuning.bindings,
    isSmall,
  })

  const small = new Map<number, number>()
  let smallSize = 0
  const constants = graph.constants.filter(({ value }) => !scalars.has(value.id))
  const given = [...graph.inputs, ...constants.map(({ value }) => value)]
  for (const value of [...given, ...groups.flatMap(({ written }) => written)]) {
    if (!isSmall(value) || small.has(value.id)) continue
    small.set(value.id, smallSize)
    // Even what is empty is copied as if it had an element.
    smallSize += Math.max(1, sizeOf(value.shape))
  }
  const slots = ({ id }: Value) => (small.has(id) ? { small: small.get(id)! } : {})
  const shaders = groups.map((group) => shaderOfGroup(group, slots, { sources, scalars }, tuning))

  const fixed = new Set([...outputs, ...state].map(({ id }) => id))
  const made = new Set(groups.flatMap(({ written }) => written.map(({ id }) => id)))
  const uses = shaders.map(({ bound }, i) => ({ reads: bound, writes: groups[i]!.written }))
  const memory = planMemory(uses, ({ id }) => made.has(id) && !fixed.has(id) && !small.has(id))
  return { shaders, constants, small, smallSize, memory, outputs, nexts }
}

/** Constants that are the same everywhere, as zeros of gradients are: each is one number of the code's. */
function scalarsOf({ constants }: Graph): Map<number, number> {
  return new Map(
    constants.flatMap(({ value, data }) => {
      const first = data[0]
      const same = first !== undefined && data.every((one) => Object.is(one, first))
      return same ? [[value.id, Number(first)]] : []
    }),
  )
}

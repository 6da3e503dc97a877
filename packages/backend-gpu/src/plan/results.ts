import { callOf, type Fresh, type Graph, type Value } from '@sgm/tensor/compile'
import { type Call, callOfNode } from './call'
import { isInline } from './fuse'
import { Sources } from './sources'

/** Where the results of a graph are found. */
export interface Results {
  /** The calls, and others that put results into memory which no call does. */
  readonly calls: readonly Call[]
  /** Values with the elements of `graph.outputs`, made by calls or drawn. */
  readonly outputs: readonly Value[]
  /** The same for the next values of `graph.variables`; no two are one. */
  readonly nexts: readonly (Value | undefined)[]
}

/** Finds the values that the results are, or adds calls that make them. */
export function withResults(graph: Graph, calls: readonly Call[], fresh: Fresh): Results {
  const sources = new Sources(calls, isInline)
  const copies: Call[] = []
  const copy = (value: Value): Value => {
    const result = fresh(value.shape, value)
    copies.push(callOfNode(callOf('Identity', { x: value }, {}, result)))
    return result
  }
  const drawn = new Set(graph.draws.map(({ value }) => value.id))
  const output = (value: Value): Value => {
    const behind = sources.behind(value)
    return behind && (drawn.has(behind.id) || sources.maker(behind)) ? behind : copy(value)
  }
  const taken = new Set<number>()
  const nexts = graph.variables.map(({ next }) => {
    if (!next) return undefined
    const value = output(next)
    // What is drawn has memory of its own.
    const own = taken.has(value.id) || drawn.has(value.id) ? copy(next) : value
    taken.add(own.id)
    return own
  })
  return { outputs: graph.outputs.map(output), nexts, calls: [...calls, ...copies] }
}

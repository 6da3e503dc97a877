import type { Variable } from '../../types'
import type { Graph } from '../graph'
import { optimize } from '../optimize'
import { freshValues, readIds } from '../rewrite'
import { signatureOf } from '../signature'
import type { Value } from '../value'
import { isLifted, lift, numbersIn } from './lift'
import type { Segment } from './segment'
import { splice } from './splice'

/** A graph made of a segment. */
export interface SegmentGraph {
  /** Its inputs are the segment's numbers, where there are any, and those of the captured tensors named below. */
  readonly graph: Graph
  readonly variables: readonly Variable[]
  readonly takesNumbers: boolean
  /** Which of the segment's captured tensors are inputs. */
  readonly captured: readonly number[]
  /** Which of the segment's keys are drawn from. */
  readonly keys: readonly number[]
}

/** Equal for segments that are made of the same calls, whatever their numbers. */
export function structureOf(segment: Segment, outputs: readonly Value[]): string {
  const type = ({ id, shape, dtype }: Value): string => `${id}:${dtype}[${shape}]`
  const ids = (values: readonly Value[]): string => values.map(({ id }) => id).join()
  return [
    ...segment.captured.map(({ value }) => type(value)),
    ...segment.draws.map(({ value, draw }) => `${type(value)}${signatureOf(draw)}`),
    ...segment.constants.map((constant) =>
      isLifted(constant) ? type(constant.value) : `${type(constant.value)}${signatureOf([...constant.data])}`,
    ),
    ...segment.nodes.map((node) => {
      const { others } = numbersIn(node)
      const attributes = Object.keys(others).length > 0 ? signatureOf(others) : ''
      return `${node.kernel}(${ids(Object.values(node.inputs))})${attributes}${ids(node.outputs)}`
    }),
    ...segment.calls.map(
      (call) => `${call.inlined.name}(${ids(call.inputs)})${call.after},${call.output.id}`,
    ),
    ids(outputs),
  ].join(';')
}

/** The graph of a segment, its numbers as an input and the functions that it calls in their places. */
export async function makeGraph(segment: Segment, outputs: readonly Value[]): Promise<SegmentGraph> {
  const { captured, draws, constants, nodes, calls } = segment
  const inputs = captured.map(({ value }) => value)
  const recorded: Graph = { inputs, draws, constants, variables: [], nodes, outputs }
  const made = calls.map(({ output }) => output)
  const fresh = freshValues({ ...recorded, inputs: [...inputs, ...made] })
  const lifted = lift(constants, nodes, fresh)
  const spliced = splice(lifted.calls, calls, fresh)
  const graph = await optimize({
    ...recorded,
    inputs: lifted.input ? [lifted.input, ...inputs] : inputs,
    constants: [...lifted.constants, ...spliced.constants],
    variables: spliced.variables,
    nodes: [...lifted.first, ...spliced.nodes],
  })
  const read = readIds(graph)
  const isRead = ({ value }: { readonly value: Value }): boolean => read.has(value.id)
  return {
    graph: {
      ...graph,
      inputs: graph.inputs.filter((value) => value === lifted.input || read.has(value.id)),
      draws: draws.filter(isRead),
    },
    variables: spliced.tensors,
    takesNumbers: lifted.input !== undefined,
    captured: [...captured.keys()].filter((i) => isRead(captured[i]!)),
    keys: [...draws.keys()].filter((i) => isRead(draws[i]!)),
  }
}

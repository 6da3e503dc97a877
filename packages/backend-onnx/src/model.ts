import type { TypedArray } from '@sgm/tensor'
import type { Graph, Value } from '@sgm/tensor/compile'
import { Builder, valueInfo } from './builder'
import { identity, type Order, permute, sameOrder } from './layout'
import { BLOCKED } from './lower/blocked-conv'
import { Context } from './lower/context'
import { gatesOf } from './lower/gates'
import type { Merges } from './lower/merges'
import { lowerNodes } from './lower/tile'
import type { ModelProto, ValueInfoProto } from './proto'

/** The operators that every model written here is made of. */
const OPSET = 18
const IR_VERSION = 9

/** How a graph's variables appear in a model: as an input, and as an output where they change. */
export interface StateInfo {
  readonly input: string
  readonly output?: string
  /** The order in which the runtime keeps the value: the one that spares transposes. */
  readonly order: Order
}

/** An ONNX model of a graph, with the names by which to feed it. */
export interface Model {
  readonly proto: ModelProto
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly state: readonly StateInfo[]
}

/** Names for a model's inputs and outputs, in order. */
export interface ModelNames {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** What a model may be written for: the runtime that it will run on. */
export interface WritingOptions {
  /** Elements of the tiles that large values are cut into. @default none are cut */
  readonly tile?: number | undefined
  /** Channels of a block of the runtime's own convolutions. @default ONNX's operators alone are used */
  readonly channelBlock?: number | undefined
  /** Which calls the runtime's own operators make at once. @default none */
  readonly mergesOf?: ((graph: Graph) => Merges) | undefined
}

/**
 * Writes a graph as an ONNX model.
 *
 * @param names @default input_0, … and output_0, …
 */
export function toModel(
  graph: Graph,
  names: ModelNames = numbered(graph),
  options: WritingOptions = {},
): Model {
  let orders: Order[] | undefined
  for (let pass = 0; ; pass++) {
    const { model, natural } = lower(graph, orders, names, options)
    const settled = orders?.every((order, i) => sameOrder(order, natural[i]!))
    if (settled || pass === 4) return model
    orders = natural
  }
}

function numbered({ inputs, outputs }: Graph): ModelNames {
  return { inputs: inputs.map((_, i) => `input_${i}`), outputs: outputs.map((_, i) => `output_${i}`) }
}

/**
 * One pass with the variables kept in the given orders, or in any; `natural` is the order in which each was computed, or read
 * where it does not change.
 */
function lower(
  graph: Graph,
  known: readonly Order[] | undefined,
  names: ModelNames,
  { tile, channelBlock, mergesOf }: WritingOptions,
): { model: Model; natural: Order[] } {
  const orders = known ?? graph.variables.map(({ value }) => identity(value.shape.length))
  const builder = new Builder([...names.inputs, ...names.outputs])
  const context = new Context(builder, gatesOf(graph), channelBlock)
  const inputs = graph.inputs.map((value, i) => {
    context.place(value, names.inputs[i]!)
    return valueInfo(names.inputs[i]!, value.dtype, value.shape)
  })
  const stateInputs = graph.variables.map(({ value }, i) => {
    context.place(value, `state_${i}`, orders[i], !known)
    return valueInfo(`state_${i}`, value.dtype, permute(value.shape, orders[i]!))
  })
  for (const { value, data } of graph.constants) {
    context.place(value, constant(builder, data, value))
  }
  lowerNodes(context, graph, { tile, merges: channelBlock === undefined ? undefined : mergesOf?.(graph) })

  const natural = graph.variables.map(({ value, next }, i) =>
    next ? context.placed(next).order : known ? orders[i]! : (context.wanted.get(value.id) ?? orders[i]!),
  )
  const exports: Export[] = []
  const output = (name: string, wanted: string): string => {
    exports.push({ name, wanted })
    return wanted
  }
  const outputs = graph.outputs.map((value, i) =>
    valueInfo(output(context.as(value), names.outputs[i]!), value.dtype, value.shape),
  )
  const state: StateInfo[] = []
  const stateOutputs = graph.variables.flatMap(({ value, next }, i) => {
    const order = orders[i]!
    if (!next) {
      state.push({ input: `state_${i}`, order })
      return []
    }
    const name = output(context.as(next, order), `next_${i}`)
    state.push({ input: `state_${i}`, output: name, order })
    return [valueInfo(name, value.dtype, permute(value.shape, order))]
  })
  exportResults(builder, exports)
  dropUnread(
    builder,
    exports.map(({ wanted }) => wanted),
  )
  return {
    natural,
    model: {
      proto: protoOf(builder, [...inputs, ...stateInputs], [...outputs, ...stateOutputs]),
      inputs: inputs.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      state,
    },
  }
}

/** The model of what a builder has collected. */
export function protoOf(
  { nodes, initializers }: Builder,
  input: ValueInfoProto[],
  output: ValueInfoProto[],
): ModelProto {
  return {
    irVersion: IR_VERSION,
    producerName: 'sgm',
    opsetImport: [
      { domain: '', version: OPSET },
      ...(nodes.some(({ domain }) => domain === BLOCKED) ? [{ domain: BLOCKED, version: 1 }] : []),
    ],
    graph: { name: 'sgm', node: nodes, initializer: initializers, input, output },
  }
}

/** A constant's values; one that is the same everywhere is written once, so that its shape may follow the batch. */
function constant(builder: Builder, data: TypedArray, { shape, dtype }: Value): string {
  const [first] = data
  if (data.length < 2 || data.some((value) => !Object.is(value, first))) {
    return builder.constant(data, shape, dtype)
  }
  return builder.op('Expand', [builder.constant(data.slice(0, 1), [], dtype), builder.ints(shape)])
}

interface Export {
  readonly name: string
  readonly wanted: string
}

/** Gives results their public names: operators' outputs by renaming, all else (and a second name) by a copy. */
function exportResults(builder: Builder, exports: readonly Export[]): void {
  const made = new Set(builder.nodes.flatMap(({ output }) => output))
  const renamed = new Map<string, string>()
  const copies = exports.filter(({ name, wanted }) => {
    if (!made.has(name) || renamed.has(name)) return true
    renamed.set(name, wanted)
    return false
  })
  for (const node of builder.nodes) {
    node.input = node.input.map((name) => renamed.get(name) ?? name)
    node.output = node.output.map((name) => renamed.get(name) ?? name)
  }
  for (const { name, wanted } of copies) {
    const input = [renamed.get(name) ?? name]
    builder.nodes.push({ input, output: [wanted], name: wanted, opType: 'Identity', attribute: [] })
  }
}

/** Removes operators and constants that no result needs. */
function dropUnread(builder: Builder, results: readonly string[]): void {
  const read = new Set(results)
  for (let i = builder.nodes.length - 1; i >= 0; i--) {
    const { input, output } = builder.nodes[i]!
    if (output.some((name) => read.has(name))) for (const name of input) read.add(name)
    else builder.nodes.splice(i, 1)
  }
  const { initializers } = builder
  initializers.splice(0, initializers.length, ...initializers.filter(({ name }) => read.has(name)))
}

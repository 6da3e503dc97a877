import type { Graph } from '@sgm/tensor'
import { Builder, valueInfo } from './builder'
import { identity, type Order, permute, sameOrder } from './layout'
import { loweringRules } from './lower'
import { Context } from './lower/context'
import { encodeModel, type ModelProto } from './proto'

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
  readonly bytes: Uint8Array
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly state: readonly StateInfo[]
}

/** A graph's kernels that {@link toModel} cannot write. */
export function unknownKernels(graph: Graph): { kernel: string; site: string | undefined }[] {
  return graph.nodes
    .filter(({ kernel }) => !(kernel in loweringRules))
    .map(({ kernel, site }) => ({ kernel, site }))
}

/** Writes a graph as an ONNX model. @throws Error that names the kernel and the line, when one cannot be written. */
export function toModel(graph: Graph): Model {
  const [unknown] = unknownKernels(graph)
  if (unknown) {
    const where = unknown.site ? `, called at ${unknown.site}` : ''
    throw new Error(`onnx: expected kernels that ONNX can express, got ${unknown.kernel}${where}`)
  }
  let orders = graph.variables.map(({ value }) => identity(value.shape.length) as Order)
  for (let pass = 0; ; pass++) {
    const { model, natural } = lower(graph, orders)
    const settled = natural.every((order, i) => sameOrder(order, orders[i]!))
    if (settled || pass === 3) return model
    orders = natural
  }
}

/** One pass with the variables kept in the given orders; `natural` is the order each was computed in. */
function lower(graph: Graph, orders: readonly Order[]): { model: Model; natural: Order[] } {
  const builder = new Builder()
  const context = new Context(builder)
  const inputs = graph.inputs.map((value, i) => {
    context.place(value, `input_${i}`)
    return valueInfo(`input_${i}`, value.dtype, value.shape)
  })
  const stateInputs = graph.variables.map(({ value }, i) => {
    context.place(value, `state_${i}`, orders[i])
    return valueInfo(`state_${i}`, value.dtype, permute(value.shape, orders[i]!))
  })
  for (const { value, data } of graph.constants) {
    context.place(value, builder.constant(data, value.shape, value.dtype))
  }
  for (const node of graph.nodes) loweringRules[node.kernel]!(context, node)

  const natural = graph.variables.map(({ next }, i) => (next ? context.placed(next).order : orders[i]!))
  const exports: Export[] = []
  const output = (name: string, i: number): string => {
    exports.push({ name, wanted: `output_${i}` })
    return `output_${i}`
  }
  const outputs = graph.outputs.map((value, i) =>
    valueInfo(output(context.as(value), i), value.dtype, value.shape),
  )
  const state: StateInfo[] = []
  const stateOutputs = graph.variables.flatMap(({ value, next }, i) => {
    const order = orders[i]!
    if (!next) {
      state.push({ input: `state_${i}`, order })
      return []
    }
    const name = output(context.as(next, order), graph.outputs.length + i)
    state.push({ input: `state_${i}`, output: name, order })
    return [valueInfo(name, value.dtype, permute(value.shape, order))]
  })
  exportResults(builder, exports)
  const model: ModelProto = {
    irVersion: IR_VERSION,
    producerName: 'sgm',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'sgm',
      node: builder.nodes,
      initializer: builder.initializers,
      input: [...inputs, ...stateInputs],
      output: [...outputs, ...stateOutputs],
    },
  }
  return {
    natural,
    model: {
      bytes: encodeModel(model),
      inputs: inputs.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      state,
    },
  }
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

import type { Executor, TypedArray } from '@sgm/tensor'
import { type Graph, type HostExecutable, hostExecutor, sizeOf } from '@sgm/tensor/compile'
import type * as Ort from 'onnxruntime-common'
import { inBlocks } from './blocks'
import { arrays } from './builder'
import { encodeModel } from './encode-model'
import { type InPlace, inPlace } from './in-place'
import { invert, permute, reordered } from './layout'
import { type Model, toModel } from './model'
import { packingUpdates } from './packed-state'
import { checkOptions, type OpenSession, openSession, type RuntimeOptions, threadsOf } from './runtime'

/**
 * Elements that one thread works on at a time where large values are cut: some such values fit into the cache of a core. ONNX Runtime
 * leaves sums and products of fewer than 50 000 elements a thread to one thread.
 */
const TILE = 1 << 16

/**
 * Elements that one thread works on at a time where the examples of a batch are worked on in blocks: more than tiles have, since a block's
 * matrix products are cut too, and small ones are slower.
 */
const BLOCK = 1 << 17

/** Options of {@link onnx}. */
export interface OnnxOptions extends RuntimeOptions {}

/**
 * An executor for `compile` that runs graphs on ONNX Runtime.
 *
 * Needs the package `onnxruntime-node` (Node: native CPU kernels) or `onnxruntime-web` (browsers: WebAssembly, with threads
 * where the page is cross-origin isolated).
 *
 * @throws RangeError when an option is out of range.
 */
export function onnx(options: OnnxOptions = {}): Executor {
  checkOptions('onnx', options)
  return hostExecutor(
    packingUpdates({
      name: 'onnx',
      async load(graph, variables) {
        const threads = threadsOf(options)
        const { proto, ...names } = toModel(inBlocks(graph, BLOCK * threads), undefined, TILE * threads)
        const changes = graph.variables.some(({ next }) => next)
        const how = changes ? await inPlace(options) : undefined
        const open = await openSession(encodeModel(how?.prepared(proto) ?? proto), options)
        return new Session(graph, names, { ...open, inPlace: how }, variables)
      },
    }),
  )
}

/** A session, and how to run it in place if it can be. */
interface Open extends OpenSession {
  readonly inPlace: InPlace | undefined
}

type Tensors = Record<string, Ort.Tensor>

/** A loaded model and its state, which never leaves the runtime's buffers between calls. */
class Session implements HostExecutable {
  readonly #graph: Pick<Graph, 'inputs' | 'variables' | 'outputs'>
  readonly #model: Omit<Model, 'proto'>
  readonly #open: Open
  /** The variables now, and where the next call in place writes them. */
  #state: Ort.Tensor[] = []
  #spare: (Ort.Tensor | undefined)[] = []

  constructor(graph: Graph, model: Omit<Model, 'proto'>, open: Open, variables: readonly TypedArray[]) {
    this.#graph = { inputs: graph.inputs, variables: graph.variables, outputs: graph.outputs }
    this.#model = model
    this.#open = open
    this.#write(variables)
  }

  async run(inputs: readonly TypedArray[]): Promise<readonly TypedArray[]> {
    const { inputs: names, outputs, state } = this.#model
    const feeds: Tensors = {}
    names.forEach((name, i) => {
      const { shape, dtype } = this.#graph.inputs[i]!
      feeds[name] = this.#tensor(inputs[i]!, dtype, shape)
    })
    state.forEach(({ input }, i) => {
      feeds[input] = this.#state[i]!
    })
    const results = await this.#run(feeds)
    state.forEach(({ output }, i) => {
      if (output === undefined) return
      if (this.#open.inPlace) this.#spare[i] = this.#state[i]
      this.#state[i] = results[output]!
    })
    return outputs.map((name) => results[name]!.data as TypedArray)
  }

  async #run(feeds: Tensors): Promise<Tensors> {
    const { session, inPlace } = this.#open
    const { outputs, state } = this.#model
    if (!inPlace) return session.run(feeds, [...outputs, ...state.flatMap(({ output }) => output ?? [])])
    const fetches: Tensors = {}
    outputs.forEach((name, i) => {
      const { shape, dtype } = this.#graph.outputs[i]!
      fetches[name] = this.#tensor(new arrays[dtype](sizeOf(shape)), dtype, shape)
    })
    state.forEach(({ output }, i) => {
      if (output !== undefined) fetches[output] = this.#spare[i]!
    })
    await inPlace.run(session, feeds, fetches)
    return fetches
  }

  async readVariables(): Promise<readonly TypedArray[]> {
    return this.#graph.variables.map(({ value }, i) => {
      const { order } = this.#model.state[i]!
      return reordered(this.#state[i]!.data as TypedArray, permute(value.shape, order), invert(order))
    })
  }

  async writeVariables(values: readonly TypedArray[]): Promise<void> {
    this.#write(values)
  }

  async dispose(): Promise<void> {
    await this.#open.session.release()
    this.#state = []
    this.#spare = []
  }

  #write(values: readonly TypedArray[]): void {
    const make = (i: number, data: TypedArray): Ort.Tensor => {
      const { value } = this.#graph.variables[i]!
      return this.#tensor(data, value.dtype, permute(value.shape, this.#model.state[i]!.order))
    }
    this.#state = this.#graph.variables.map(({ value }, i) => {
      return make(i, reordered(values[i]!, value.shape, this.#model.state[i]!.order))
    })
    this.#spare = this.#graph.variables.map(({ next }, i) => {
      if (!next || !this.#open.inPlace) return undefined
      return make(i, (this.#state[i]!.data as TypedArray).slice())
    })
  }

  #tensor(data: TypedArray, dtype: 'float32' | 'int32' | 'bool', shape: readonly number[]): Ort.Tensor {
    return new this.#open.Tensor(dtype, data as Float32Array, shape)
  }
}

import type { Executable, Executor, Graph, TypedArray } from '@sgm/tensor'
import type * as Ort from 'onnxruntime-common'
import { inBlocks } from './blocks'
import { free } from './free'
import { invert, permute, reordered } from './layout'
import { type Model, toModel } from './model'
import { encodeModel } from './proto'
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
  return {
    name: 'onnx',
    async load(graph, variables) {
      const threads = threadsOf(options)
      const { proto, ...names } = toModel(inBlocks(graph, BLOCK * threads), undefined, TILE * threads)
      return new Session(graph, names, await openSession(encodeModel(proto), options), variables)
    },
  }
}

const bufferOf = ({ data }: Ort.Tensor): ArrayBuffer => (data as TypedArray).buffer as ArrayBuffer

/** A loaded model and its state, which never leaves the runtime's buffers between calls. */
class Session implements Executable {
  readonly #graph: Pick<Graph, 'inputs' | 'variables'>
  readonly #model: Omit<Model, 'proto'>
  readonly #open: OpenSession
  /** The variables now, and where the next call may write them. */
  #state: Ort.Tensor[] = []
  #spare: (Ort.Tensor | null)[] = []

  constructor(
    graph: Graph,
    model: Omit<Model, 'proto'>,
    open: OpenSession,
    variables: readonly TypedArray[],
  ) {
    this.#graph = { inputs: graph.inputs, variables: graph.variables }
    this.#model = model
    this.#open = open
    this.#write(variables)
  }

  async run(inputs: readonly TypedArray[]): Promise<readonly TypedArray[]> {
    const { inputs: names, outputs, state } = this.#model
    const feeds: Record<string, Ort.Tensor> = {}
    const fetches: Record<string, Ort.Tensor | null> = {}
    names.forEach((name, i) => {
      const { shape, dtype } = this.#graph.inputs[i]!
      feeds[name] = this.#tensor(inputs[i]!, dtype, shape)
    })
    for (const name of outputs) fetches[name] = null
    state.forEach(({ input, output }, i) => {
      feeds[input] = this.#state[i]!
      if (output !== undefined) fetches[output] = this.#spare[i]!
    })
    const results = await this.#open.session.run(feeds, fetches)
    free(state.flatMap(({ output }, i) => (output === undefined ? [] : this.#advance(i, results[output]!))))
    return outputs.map((name) => results[name]!.data as TypedArray)
  }

  /** Makes what a run made of a variable its value; returns the memory that nothing needs then. */
  #advance(i: number, result: Ort.Tensor): ArrayBuffer[] {
    const [old, spare] = [this.#state[i]!, this.#spare[i]!]
    this.#state[i] = spare ?? result
    if (!spare) return [bufferOf(old)]
    this.#spare[i] = old
    // onnxruntime-node writes where it is told to, and returns a copy of that.
    const isCopy = bufferOf(result) !== bufferOf(spare)
    return isCopy ? [bufferOf(result)] : []
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
      if (!next || !this.#open.writesInPlace) return null
      return make(i, (this.#state[i]!.data as TypedArray).slice())
    })
  }

  #tensor(data: TypedArray, dtype: 'float32' | 'int32' | 'bool', shape: readonly number[]): Ort.Tensor {
    return new this.#open.Tensor(dtype, data as Float32Array, shape)
  }
}

import type { TypedArray } from '@sgm/tensor'
import { type Graph, type HostExecutable, sizeOf } from '@sgm/tensor/compile'
import type * as Ort from 'onnxruntime-common'
import { arrays } from './builder'
import type { InPlace } from './in-place'
import { invert, permute, reordered } from './layout'
import type { Model } from './model'
import type { OpenSession } from './runtime'

/** A session, and how to run it in place if it can be. */
interface Open extends OpenSession {
  readonly inPlace: InPlace | undefined
}

type Tensors = Record<string, Ort.Tensor>

const NOTHING = new Float32Array()

/** A loaded model and its state, which never leaves the runtime's buffers between calls. */
export class Session implements HostExecutable {
  readonly #graph: Pick<Graph, 'inputs' | 'variables' | 'outputs'>
  readonly #model: Omit<Model, 'proto'>
  readonly #open: Open
  /** The variables now, and where the next call in place writes them. */
  #state: Ort.Tensor[] = []
  #spare: (Ort.Tensor | undefined)[] = []

  /** Its variables are to be written. */
  constructor({ inputs, variables, outputs }: Graph, model: Omit<Model, 'proto'>, open: Open) {
    this.#graph = { inputs, variables, outputs }
    this.#model = model
    this.#open = open
  }

  /** @param values What the inputs are. @default those of the graph */
  async run(inputs: readonly TypedArray[], values = this.#graph.inputs): Promise<readonly TypedArray[]> {
    const { inputs: names, outputs, state } = this.#model
    const feeds: Tensors = {}
    names.forEach((name, i) => {
      const { shape, dtype } = values[i]!
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

  async readVariables(wanted?: ReadonlySet<number>): Promise<readonly TypedArray[]> {
    return this.#graph.variables.map(({ value }, i) => {
      if (wanted && !wanted.has(i)) return NOTHING
      const { order } = this.#model.state[i]!
      return reordered(this.#state[i]!.data as TypedArray, permute(value.shape, order), invert(order))
    })
  }

  async writeVariables(values: readonly TypedArray[]): Promise<void> {
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

  async dispose(): Promise<void> {
    await this.#open.session.release()
    this.#state = []
    this.#spare = []
  }

  #tensor(data: TypedArray, dtype: 'float32' | 'int32' | 'bool', shape: readonly number[]): Ort.Tensor {
    return new this.#open.Tensor(dtype, data as Float32Array, shape)
  }
}

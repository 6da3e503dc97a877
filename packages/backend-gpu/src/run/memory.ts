import type { TypedArray } from '@sgm/tensor'
import { type Graph, sizeOf, type Value } from '@sgm/tensor/compile'
import { bytesOf, ELEMENT } from '../plan/memory'
import type { Plan } from '../plan/plan'
import type { DeviceContext } from './context'
import { elementsOf } from './read'

/** A value in a buffer. */
export interface Spot {
  readonly buffer: GPUBuffer
  readonly offset: number
}

/** The buffers of an executable: all that its kernels read and write, but for inputs that are in memory already. */
export class Memory {
  /** The small values. */
  readonly small: GPUBuffer
  readonly #context: DeviceContext
  readonly #plan: Plan
  readonly #variables: Graph['variables']
  readonly #buffers = new Map<number, GPUBuffer>()
  readonly #owned: GPUBuffer[] = []
  /** The variables' values now, and where the next call puts those that change. */
  readonly #state: GPUBuffer[]
  readonly #next: (GPUBuffer | undefined)[]

  constructor(context: DeviceContext, { constants, draws, variables }: Graph, plan: Plan) {
    this.#context = context
    this.#plan = plan
    this.#variables = variables
    this.small = this.#make(Math.max(1, plan.smallSize) * ELEMENT, 'small values')
    const shared = plan.memory.buffers.map((bytes) => this.#make(bytes, 'temporary values'))
    for (const [id, place] of plan.memory.places) this.#buffers.set(id, shared[place]!)
    for (const { value } of draws) this.#own(value, 'draw')
    for (const value of plan.outputs) this.#own(value, 'output')
    this.#state = variables.map(({ value, name }) => this.#make(bytesOf(value), name))
    this.#next = variables.map(({ value, name }, i) => plan.nexts[i] && this.#make(bytesOf(value), name))
    this.#bindState()
    for (const { value, data } of constants) {
      if (sizeOf(value.shape) === 1) continue
      this.#own(value, 'constant')
      this.write(this.spot(value), data)
    }
  }

  /** Where a value is. */
  spot(value: Value): Spot {
    const small = this.#plan.small.get(value.id)
    return small === undefined
      ? { buffer: this.bufferOf(value), offset: 0 }
      : { buffer: this.small, offset: small * ELEMENT }
  }

  /** The buffer of a value that is not among the small ones. */
  bufferOf(value: Value): GPUBuffer {
    return this.#buffers.get(value.id)!
  }

  /** Where the value of a variable is. */
  variable(index: number): Spot {
    return { buffer: this.#state[index]!, offset: 0 }
  }

  /** Makes room for an input that comes from elsewhere. */
  input(value: Value): Spot {
    this.#own(value, 'input')
    return this.spot(value)
  }

  write({ buffer, offset }: Spot, values: TypedArray): void {
    if (values.length > 0) this.#context.device.queue.writeBuffer(buffer, offset, elementsOf(values))
  }

  /** Makes the variables' next values their values. */
  advance(): void {
    for (const [i, next] of this.#next.entries()) {
      if (next) [this.#state[i], this.#next[i]] = [next, this.#state[i]!]
    }
    this.#bindState()
  }

  dispose(): void {
    for (const buffer of this.#owned.splice(0)) this.#context.buffers.free(buffer)
  }

  #bindState(): void {
    for (const [i, { value }] of this.#variables.entries()) {
      this.#buffers.set(value.id, this.#state[i]!)
      const next = this.#plan.nexts[i]
      if (next) this.#buffers.set(next.id, this.#next[i]!)
    }
  }

  /** A buffer of a value's own, unless it has one or is among the small ones. */
  #own(value: Value, label: string): void {
    if (this.#plan.small.has(value.id) || this.#buffers.has(value.id)) return
    this.#buffers.set(value.id, this.#make(bytesOf(value), label))
  }

  #make(bytes: number, label: string): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const buffer = this.#context.buffers.make(bytes, usage, label)
    this.#owned.push(buffer)
    return buffer
  }
}

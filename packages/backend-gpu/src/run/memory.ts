import type { TypedArray } from '@sgm/tensor'
import type { Graph, Value } from '@sgm/tensor/compile'
import { bytesOf, ELEMENT } from '../plan/memory'
import type { Plan } from '../plan/plan'
import type { DeviceContext } from './context'
import { elementsOf } from './read'

/** A value in a buffer. */
export interface Spot {
  readonly buffer: GPUBuffer
  readonly offset: number
}

/** The buffers of an executable: all that its kernels read and write, but for inputs that are in memory already and results that go to the caller's. */
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

  constructor(context: DeviceContext, { variables }: Graph, plan: Plan) {
    this.#context = context
    this.#plan = plan
    this.#variables = variables
    this.small = this.#make(Math.max(1, plan.smallSize) * ELEMENT, 'small values')
    const shared = plan.memory.buffers.map((bytes) => this.#make(bytes, 'temporary values'))
    for (const [id, place] of plan.memory.places) this.#buffers.set(id, shared[place]!)
    this.#state = variables.map(({ value, name }) => this.#make(bytesOf(value), name))
    this.#next = variables.map(({ value, name }, i) => plan.nexts[i] && this.#make(bytesOf(value), name))
    this.#bindState()
    for (const { value, data } of plan.constants) this.write(this.spot(value), data)
  }

  /** Where a value is. */
  spot(value: Value): Spot {
    const small = this.#plan.small.get(value.id)
    return small === undefined
      ? { buffer: this.bufferOf(value), offset: 0 }
      : { buffer: this.small, offset: small * ELEMENT }
  }

  /** The buffer of a value that is not among the small ones; one that has none gets its own. */
  bufferOf(value: Value): GPUBuffer {
    const known = this.#buffers.get(value.id)
    if (known) return known
    const made = this.#make(bytesOf(value), 'a value')
    this.#buffers.set(value.id, made)
    return made
  }

  /** Where the value of a variable is. */
  variable(index: number): Spot {
    return { buffer: this.#state[index]!, offset: 0 }
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

  #make(bytes: number, label: string): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const buffer = this.#context.buffers.make(bytes, usage, label)
    this.#owned.push(buffer)
    return buffer
  }
}

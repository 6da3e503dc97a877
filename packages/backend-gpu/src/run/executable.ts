import { type Key, type Tensor, tensor } from '@sgm/tensor'
import {
  blockKey,
  type Executable,
  type Graph,
  hostValues,
  readValues,
  sizeOf,
  type Value,
} from '@sgm/tensor/compile'
import { bytesOf } from '../plan/memory'
import type { Plan } from '../plan/plan'
import type { DeviceContext } from './context'
import type { EagerMemory } from './eager-memory'
import type { Kernel } from './kernel'
import { Memory, type Spot } from './memory'
import { readBuffers } from './read'
import type { Uniforms } from './uniforms'

/** Calls after which the host waits for the device: it must not run ahead without end. */
const PATIENCE = 16

/** What runs. */
export interface Program {
  readonly kernels: readonly Kernel[]
  readonly uniforms: Uniforms
  /** The kernel that makes each draw; undefined for those made on the host. */
  readonly keyAt: readonly (number | undefined)[]
}

type Spec = Pick<Value, 'shape' | 'dtype'>

/** A tensor, and where its values go. */
type Room = ReturnType<EagerMemory['make']>

/** A graph that is ready on a device. */
export class GpuExecutable implements Executable {
  readonly #context: DeviceContext
  readonly #graph: Pick<Graph, 'inputs' | 'draws' | 'variables' | 'outputs'>
  readonly #plan: Pick<Plan, 'outputs' | 'small'>
  readonly #program: Program
  readonly #memory: Memory
  /** Places of outputs that need no copy. */
  readonly #direct: readonly number[]
  #calls = 0

  constructor(context: DeviceContext, graph: Graph, plan: Plan, program: Program) {
    const { inputs, draws, variables, outputs } = graph
    this.#context = context
    this.#graph = { inputs, draws, variables, outputs }
    this.#plan = { outputs: plan.outputs, small: plan.small }
    this.#program = program
    this.#memory = new Memory(context, graph, plan)
    this.#direct = directOutputs(graph, plan, program)
  }

  async run(inputs: readonly Tensor[], keys: readonly Key[]): Promise<readonly Tensor[]> {
    const { device, failure } = this.#context
    failure.check()
    const encoder = device.createCommandEncoder()
    const bound = await this.#enter(encoder, inputs)
    this.#draw(keys)
    const { outputs } = this.#graph
    const made = this.#room(outputs)
    for (const i of made ? this.#direct : []) bound.set(this.#plan.outputs[i]!.id, made![i]!.buffer)
    const pass = encoder.beginComputePass()
    const bufferOf = (value: Value): GPUBuffer => bound.get(value.id) ?? this.#memory.bufferOf(value)
    for (const kernel of this.#program.kernels) kernel.encode(pass, bufferOf, this.#memory.small)
    pass.end()
    const spots = this.#plan.outputs.map((value) => {
      const buffer = bound.get(value.id)
      return buffer ? { buffer, offset: 0 } : this.#memory.spot(value)
    })
    const results = await this.#leave(encoder, spots, outputs, made, () => this.#memory.advance())
    if (++this.#calls % PATIENCE === 0) await failure.during(device.queue.onSubmittedWorkDone())
    return results
  }

  readVariables(): Promise<readonly Tensor[]> {
    const encoder = this.#context.device.createCommandEncoder()
    const { variables } = this.#graph
    this.#context.eager?.flush()
    const specs = variables.map(({ value }) => value)
    return this.#leave(
      encoder,
      variables.map((_, i) => this.#memory.variable(i)),
      specs,
      this.#room(specs),
    )
  }

  async writeVariables(values: readonly Tensor[]): Promise<void> {
    const { device, eager } = this.#context
    const encoder = device.createCommandEncoder()
    for (const [i, x] of values.entries()) {
      const { buffer, offset } = this.#memory.variable(i)
      const source = eager?.bufferOf(x)
      if (source)
        encoder.copyBufferToBuffer(source, 0, buffer, offset, bytesOf(this.#graph.variables[i]!.value))
      else this.#memory.write({ buffer, offset }, await readValues(x))
    }
    eager?.flush()
    device.queue.submit([encoder.finish()])
  }

  async dispose(): Promise<void> {
    this.#memory.dispose()
    this.#program.uniforms.dispose()
  }

  /** Brings the inputs to where kernels find them; those that are in the device's memory stay where they are, unless they are small. */
  async #enter(encoder: GPUCommandEncoder, inputs: readonly Tensor[]): Promise<Map<number, GPUBuffer>> {
    const { eager } = this.#context
    const bound = new Map<number, GPUBuffer>()
    for (const [i, value] of this.#graph.inputs.entries()) {
      const source = eager?.bufferOf(inputs[i]!)
      if (!source) this.#memory.write(this.#memory.spot(value), await readValues(inputs[i]!))
      else if (!this.#plan.small.has(value.id)) bound.set(value.id, source)
      else {
        const { buffer, offset } = this.#memory.spot(value)
        encoder.copyBufferToBuffer(source, 0, buffer, offset, bytesOf(value))
      }
    }
    // The values of some may still be on their way.
    eager?.flush()
    return bound
  }

  #draw(keys: readonly Key[]): void {
    for (const [i, { value, draw }] of this.#graph.draws.entries()) {
      const kernel = this.#program.keyAt[i]
      if (kernel === undefined)
        this.#memory.write(this.#memory.spot(value), hostValues({ ...draw, key: keys[i]! }))
      else this.#program.uniforms.set(kernel, blockKey(draw.kind, keys[i]!).words)
    }
  }

  /** Tensors to be filled, where eager tensors are on the device. */
  #room(specs: readonly Spec[]): readonly Room[] | undefined {
    const { eager } = this.#context
    return eager?.isCurrent ? specs.map((spec) => eager.make(spec)) : undefined
  }

  /** Sends the work off and gives values as tensors: those there is room in, else by way of the host. */
  async #leave(
    encoder: GPUCommandEncoder,
    spots: readonly Spot[],
    specs: readonly Spec[],
    made: readonly Room[] | undefined,
    sent = (): void => {},
  ): Promise<Tensor[]> {
    const { device } = this.#context
    made?.forEach(({ buffer }, i) => {
      const [spot, bytes] = [spots[i]!, 4 * sizeOf(specs[i]!.shape)]
      if (bytes > 0 && spot.buffer !== buffer)
        encoder.copyBufferToBuffer(spot.buffer, spot.offset, buffer, 0, bytes)
    })
    device.queue.submit([encoder.finish()])
    sent()
    if (made) return made.map(({ tensor }) => tensor)
    const stretches = spots.map(({ buffer, offset }, i) => {
      const { shape, dtype } = specs[i]!
      return { buffer, offset, dtype, size: sizeOf(shape), bytes: bytesOf({ ...specs[i]!, id: 0 }) }
    })
    const values = await readBuffers(this.#context, stretches)
    return values.map((data, i) => tensor(data, specs[i]!.shape, specs[i]!.dtype))
  }
}

/** Results that kernels put where the caller finds them. Others are copied there: those among small values, the variables' and those drawn on the host. */
function directOutputs(graph: Graph, { outputs, nexts, small }: Plan, { keyAt }: Program): number[] {
  const elsewhere = new Set([
    ...small.keys(),
    ...nexts.flatMap((next) => next?.id ?? []),
    ...graph.draws.flatMap(({ value }, i) => (keyAt[i] === undefined ? value.id : [])),
  ])
  return outputs.flatMap(({ id, shape }, i) => {
    if (elsewhere.has(id) || sizeOf(shape) === 0) return []
    elsewhere.add(id)
    return i
  })
}

import type { Shader } from '../shaders/shader'
import type { Param } from '../wgsl/writer'
import type { DeviceContext } from './context'

/** Each kernel's sizes and scalars, in one buffer. */
export class Uniforms {
  readonly #context: DeviceContext
  readonly #buffer: GPUBuffer
  readonly #offsets: readonly number[]
  readonly #shaders: readonly Shader[]

  constructor(context: DeviceContext, shaders: readonly Shader[]) {
    const step = context.device.limits.minUniformBufferOffsetAlignment
    let end = 0
    this.#offsets = shaders.map(({ params }) => {
      const offset = end
      end += Math.ceil((4 * params.length) / step) * step
      return offset
    })
    this.#context = context
    this.#shaders = shaders
    this.#buffer = context.buffers.make(
      Math.max(end, 16),
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      'uniforms',
    )
    const all = new DataView(new ArrayBuffer(this.#buffer.size))
    shaders.forEach(({ params }, i) => {
      params.forEach((param, j) => {
        put(all, this.#offsets[i]! + 4 * j, param)
      })
    })
    context.device.queue.writeBuffer(this.#buffer, 0, all.buffer)
  }

  /** What a kernel binds; undefined where it has no uniforms. */
  of(kernel: number): GPUBufferBinding | undefined {
    const { length } = this.#shaders[kernel]!.params
    // WGSL rounds the size of a struct up to that of its largest member: 4 bytes.
    return length === 0
      ? undefined
      : { buffer: this.#buffer, offset: this.#offsets[kernel]!, size: 4 * length }
  }

  /** Sets the uniforms of a kernel from the first one on. */
  set(kernel: number, words: readonly number[]): void {
    this.#context.device.queue.writeBuffer(this.#buffer, this.#offsets[kernel]!, Uint32Array.from(words))
  }

  dispose(): void {
    this.#context.buffers.free(this.#buffer)
  }
}

function put(view: DataView, at: number, { type, value }: Param): void {
  if (type === 'f32') view.setFloat32(at, value, true)
  else view.setUint32(at, value, true)
}

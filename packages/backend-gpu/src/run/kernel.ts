import type { Value } from '@sgm/tensor/compile'
import type { Shader } from '../shaders/shader'

/** Ways of binding buffers that are kept: inputs and the halves of the state come in turns. */
const KEPT = 4

/** A kernel on a device. */
export class Kernel {
  readonly #device: GPUDevice
  readonly #shader: Shader
  readonly #pipeline: GPUComputePipeline
  readonly #uniforms: GPUBufferBinding | undefined
  readonly #groups: { readonly buffers: readonly GPUBuffer[]; readonly group: GPUBindGroup }[] = []

  constructor(
    device: GPUDevice,
    shader: Shader,
    pipeline: GPUComputePipeline,
    uniforms: GPUBufferBinding | undefined,
  ) {
    this.#device = device
    this.#shader = { ...shader, code: '' }
    this.#pipeline = pipeline
    this.#uniforms = uniforms
  }

  /** Appends the kernel to a pass. */
  encode(pass: GPUComputePassEncoder, bufferOf: (value: Value) => GPUBuffer, small: GPUBuffer): void {
    const [x, y, z] = this.#shader.grid
    if (x * y * z === 0) return
    const { bound, usesSmall } = this.#shader
    pass.setPipeline(this.#pipeline)
    pass.setBindGroup(0, this.#bound(usesSmall ? [...bound.map(bufferOf), small] : bound.map(bufferOf)))
    pass.dispatchWorkgroups(x, y, z)
  }

  #bound(buffers: readonly GPUBuffer[]): GPUBindGroup {
    const known = this.#groups.find((one) => one.buffers.every((buffer, i) => buffer === buffers[i]))
    if (known) return known.group
    const resources: GPUBufferBinding[] = buffers.map((buffer) => ({ buffer }))
    if (this.#uniforms) resources.push(this.#uniforms)
    const group = this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: resources.map((resource, binding) => ({ binding, resource })),
    })
    this.#groups.push({ buffers, group })
    if (this.#groups.length > KEPT) this.#groups.shift()
    return group
  }
}

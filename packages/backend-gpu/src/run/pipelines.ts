import type { Shader } from '../shaders/shader'

/** Pipelines of a device by their code: what differs in sizes and scalars alone shares one. */
export class Pipelines {
  readonly #device: GPUDevice
  readonly #inTurn: boolean
  readonly #known = new Map<string, Promise<GPUComputePipeline>>()
  readonly #ready = new Map<string, GPUComputePipeline>()

  /**
   * @param inTurn Whether to compile on the thread that asks. In Node, Dawn asks without rest whether its own threads are done, on a processor
   * which they need themselves where it computes in software: a third of what training costs there in tests.
   */
  constructor(device: GPUDevice, { inTurn = false }: { readonly inTurn?: boolean } = {}) {
    this.#device = device
    this.#inTurn = inTurn
  }

  /** Pipelines compiled so far. */
  get count(): number {
    return this.#known.size
  }

  /** The pipeline of a shader, compiled beside others, or in its turn. @throws Error with the kernels that it works out, when the device refuses it. */
  of({ code, label }: Pick<Shader, 'code' | 'label'>): Promise<GPUComputePipeline> {
    const known = this.#known.get(code)
    if (known) return known
    const made = this.#compile(code, label)
    this.#known.set(code, made)
    made.catch(() => this.#known.delete(code))
    return made
  }

  /** The same at once, which holds the host up; errors reach whoever reads next. */
  now({ code, label }: Pick<Shader, 'code' | 'label'>): GPUComputePipeline {
    const known = this.#ready.get(code)
    if (known) return known
    const pipeline = this.#device.createComputePipeline(this.#described(code, label))
    this.#ready.set(code, pipeline)
    return pipeline
  }

  #described(code: string, label: string): GPUComputePipelineDescriptor {
    const module = this.#device.createShaderModule({ code, label })
    return { label, layout: 'auto', compute: { module, entryPoint: 'main' } }
  }

  async #compile(code: string, label: string): Promise<GPUComputePipeline> {
    try {
      if (this.#inTurn) return await this.#alone(code, label)
      return await this.#device.createComputePipelineAsync(this.#described(code, label))
    } catch (cause) {
      throw new Error(
        `gpu: expected code that the device takes, got a refusal of ${label}: ${(cause as Error).message}`,
        { cause },
      )
    }
  }
  async #alone(code: string, label: string): Promise<GPUComputePipeline> {
    this.#device.pushErrorScope('validation')
    const pipeline = this.#device.createComputePipeline(this.#described(code, label))
    const error = await this.#device.popErrorScope()
    if (error) throw error
    return pipeline
  }
}

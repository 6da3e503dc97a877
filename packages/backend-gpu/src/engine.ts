import { type BackendName, capabilities, type Engine, type EngineChoice, useBackend } from '@sgm/tensor'
import { optionsOf } from '@sgm/tensor/check'
import { type Gpu, type GpuOptions, openGpu } from './open'

/** Options of {@link gpuEngine}. */
export interface GpuEngineOptions extends GpuOptions {
  /** Whether an adapter that computes in software will do; other engines are faster. @default false */
  readonly software?: boolean
}

/** The engine that {@link gpuEngine} opens. */
export interface GpuEngine extends Engine {
  readonly gpu: Gpu
}

/** What {@link gpuEngine} returns. */
export interface GpuEngineChoice extends EngineChoice {
  open(): Promise<GpuEngine>
}

/**
 * The GPU as a choice of `bestEngine`. Where it can, it holds eager tensors too, until it is closed.
 *
 * It cannot be opened where there is no adapter, or but one that computes in software.
 *
 * @example
 * const engine = await bestEngine([gpuEngine(), onnxEngine()])
 * console.log(engine.name, engine.description)
 */
export function gpuEngine(options: GpuEngineOptions = {}): GpuEngineChoice {
  const { software = false, ...gpuOptions } = optionsOf('gpuEngine', options, {
    software: true,
    device: true,
    tiles: true,
    powerPreference: true,
    dawn: true,
  })
  return {
    name: 'gpu',
    async open() {
      const gpu = await openGpu(gpuOptions)
      if (gpu.software && !software) {
        gpu.close()
        throw new Error(
          `gpuEngine: expected a GPU, got ${gpu.description}, which computes in software; option software allows it`,
        )
      }
      const { backend } = await capabilities()
      if (gpu.eager) await useBackend('webgpu')
      return {
        name: 'gpu',
        description: gpu.description,
        executor: gpu.executor(),
        gpu,
        async close() {
          if (gpu.eager) await useBackend(backend as BackendName | undefined)
          gpu.close()
        },
      }
    },
  }
}

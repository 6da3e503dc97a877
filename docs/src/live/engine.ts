import { type Gpu, gpuEngine } from '@sgm/backend-gpu'
import { capabilities, type Executor, useBackend } from '@sgm/tensor'
import type { EngineName } from './spec'

/** What programs run on. */
export interface OpenEngine {
  readonly description: string
  readonly executor?: Executor
  readonly gpu?: Gpu
}

/** Opens a GPU where there is one, else WebAssembly; an adapter in software only where a GPU is asked for by name. */
export async function openEngine(name: EngineName): Promise<OpenEngine> {
  if (name !== 'wasm') {
    const opened = await gpuEngine({ software: name === 'gpu' })
      .open()
      .catch((reason: Error) => reason)
    if (!(opened instanceof Error)) {
      return {
        description: `WebGPU, ${opened.description}`,
        gpu: opened.gpu,
        ...(opened.executor && { executor: opened.executor }),
      }
    }
    if (name === 'gpu') throw opened
  }
  await useBackend('wasm')
  const { threads } = await capabilities()
  return { description: threads > 1 ? `WebAssembly, ${threads} threads` : 'WebAssembly' }
}

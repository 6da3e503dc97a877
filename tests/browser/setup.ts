import { openGpu } from '@sgm/backend-gpu'
import { type BackendName, useBackend } from '@sgm/tensor'
import { beforeAll, inject } from 'vitest'

beforeAll(async () => {
  if (inject('backend') === 'webgpu') await openGpu()
  // The sources have no copies of its files beside them, as built modules do.
  await useBackend('wasm', { wasmPaths: '/' })
  await useBackend(inject('backend') as BackendName)
})

declare module 'vitest' {
  interface ProvidedContext {
    /** Where onnxruntime-web's files are served. */
    ort: string
    /** Pipelines that are served, the address of each file by its path, and that of what diffusers makes with them. */
    pipelines: Readonly<Record<'sd1' | 'sd3', Readonly<Record<string, string>>>> & {
      readonly recorded: string
    }
    /** Whether the page is cross-origin isolated. */
    isolated: boolean
  }
}

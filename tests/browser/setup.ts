import { openGpu } from '@sgm/backend-gpu'
import { type BackendName, useBackend } from '@sgm/tensor'
import { beforeAll, inject } from 'vitest'

beforeAll(async () => {
  if (inject('backend') === 'webgpu') await openGpu()
  await useBackend(inject('backend') as BackendName, { wasmPaths: '/' })
})

declare module 'vitest' {
  interface ProvidedContext {
    /** Where onnxruntime-web's files are served. */
    ort: string
    /** Whether the page is cross-origin isolated. */
    isolated: boolean
  }
}

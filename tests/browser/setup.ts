import { type BackendName, useBackend } from '@sgm/tensor'
import { beforeAll, inject } from 'vitest'

beforeAll(async () => {
  await useBackend(inject('backend') as BackendName, { wasmPaths: '/' })
})

import { useBackend } from '@sgm/tensor'
import { afterAll, beforeAll } from 'vitest'
import { type Gpu, openGpu } from './index'

/** A GPU that is the backend of all tests of a file. */
export async function gpuOfFile(): Promise<Gpu> {
  const gpu = await openGpu()
  beforeAll(async () => {
    await useBackend('webgpu')
  })
  afterAll(async () => {
    await useBackend('wasm')
    gpu.close()
  })
  return gpu
}

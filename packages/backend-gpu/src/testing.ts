import { useBackend } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
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

/** Bytes of the buffers that eager tensors have on the device, those kept for later ones too. */
export const eagerBytes = (): number =>
  (tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU

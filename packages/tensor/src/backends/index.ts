import * as tf from '@tensorflow/tfjs'
import { repairWasmKernels } from '../repair/kernels'

/** The backends of sgm. */
export type BackendName = 'wasm' | 'cpu' | 'webgl' | 'webgpu'

/** Makes a backend the one that holds new tensors. */
export async function useBackend(name: BackendName): Promise<BackendName> {
  if (name === 'cpu') {
    ;(tf.findBackend('cpu') as unknown as { firstUse: boolean }).firstUse = false
  }
  if (name === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm')
    repairWasmKernels()
  }
  await tf.setBackend(name)
  await tf.ready()
  return name
}

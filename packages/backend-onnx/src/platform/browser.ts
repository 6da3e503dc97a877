import { expected } from '@sgm/tensor'
import { type LoadRuntime, missing, runtime } from './runtime'

/** What browsers have: WebAssembly. */
export const loadRuntime: LoadRuntime = async (name = 'web') => {
  if (name === 'node') throw expected('onnx', "runtime 'web' in a browser", name)
  try {
    return runtime('web', await import('onnxruntime-web/wasm'))
  } catch (cause) {
    throw missing('web', cause)
  }
}

export { fetched as readModel, fetchedBeside as readBeside } from './fetched'

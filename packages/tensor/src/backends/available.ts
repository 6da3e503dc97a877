import * as tf from '@tensorflow/tfjs'
import type { BackendName } from './names'

/** Why a backend cannot run here, or undefined when it can. Starts nothing. */
export async function whyUnavailable(name: BackendName): Promise<string | undefined> {
  switch (name) {
    case 'cpu':
      return undefined
    case 'wasm':
      return wasm()
    case 'webgl':
      return webgl()
    case 'webgpu':
      return webgpu()
  }
}

function wasm(): string | undefined {
  return typeof WebAssembly === 'undefined' ? 'this runtime has no WebAssembly' : undefined
}

function webgl(): string | undefined {
  if (!tf.findBackendFactory('webgl')) return 'it needs a browser'
  return tf.env().getNumber('WEBGL_VERSION') > 0 ? undefined : 'the browser gives no WebGL context'
}

interface Gpu {
  requestAdapter(): Promise<object | null>
}

/** The tfjs backend crashes where there is no adapter, so that is asked first. */
async function webgpu(): Promise<string | undefined> {
  const gpu = (globalThis.navigator as (Navigator & { gpu?: Gpu }) | undefined)?.gpu
  if (!gpu) return 'this runtime has no navigator.gpu (in Node, openGpu of @sgm/backend-gpu brings one)'
  if (!(await gpu.requestAdapter().catch(() => null))) return 'navigator.gpu gives no adapter'
  // Imported here, a package that may be missing is an error or a warning of every bundler.
  return tf.findBackendFactory('webgpu')
    ? undefined
    : "it needs the line import '@tensorflow/tfjs-backend-webgpu', or openGpu of @sgm/backend-gpu"
}

import * as tf from '@tensorflow/tfjs'
import { expected, optionsOf } from '../check'
import { whyUnavailable } from './available'
import { missingKernels } from './kernels'
import { type BackendName, backendNames } from './names'
import { repairKernels } from './repairs'
import { configureWasm, startWasm, type WasmOptions } from './wasm'

/** Options of {@link useBackend}. */
export interface BackendOptions extends WasmOptions {}

/**
 * Makes a backend the one that holds new tensors, and gives its name.
 *
 * Without a name, takes the first that works of: WebGPU (where an adapter answers and the program
 * has imported `@tensorflow/tfjs-backend-webgpu` or opened a GPU of `@sgm/backend-gpu`), WebGL (where it computes in 32 bits), WASM, CPU. In Node that
 * is WASM.
 *
 * @param name Which; the fastest that is there where none is given.
 * @throws Error when the named backend cannot run here, with the reason, or lacks a kernel that ops need.
 * @throws RangeError for a name or an option out of range.
 * @example
 * await useBackend('wasm') // → 'wasm'
 */
export async function useBackend(name?: BackendName, options: BackendOptions = {}): Promise<BackendName> {
  optionsOf('useBackend', options, { wasmPaths: true, threads: true })
  if (name !== undefined) return start(name, options)
  for (const candidate of backendNames) {
    if ((await whyUnavailable(candidate)) !== undefined) continue
    if (candidate === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')) continue
    if (candidate === 'cpu') break
    try {
      return await start(candidate, options)
    } catch (error) {
      if (error instanceof RangeError) throw error
    }
  }
  return start('cpu', options)
}

async function start(name: BackendName, options: BackendOptions): Promise<BackendName> {
  if (!backendNames.includes(name)) throw expected('useBackend', backendNames.join(' | '), name)
  const reason = await whyUnavailable(name)
  if (reason !== undefined) {
    throw new Error(`useBackend: expected a backend that runs here, got '${name}': ${reason}. ${advice}`)
  }
  if (name === 'wasm') await configureWasm(options)
  if (name === 'webgpu') await repairKernels(name)
  const missing = missingKernels(name)
  if (missing.length > 0) {
    throw new Error(
      `useBackend: expected all kernels that ops need, got '${name}' without ${missing.join(', ')}. ${advice}`,
    )
  }
  const started = await (name === 'wasm' ? startWasm() : tf.setBackend(name))
  if (!started) {
    throw new Error(
      `useBackend: expected '${name}' to start, got a failure${name === 'wasm' ? wasmAdvice : `. ${advice}`}`,
    )
  }
  return name
}

const advice = 'Leave the name out to get the best backend that works, or name another.'
const wasmAdvice =
  ': its .wasm files were not found or did not load. Copy them from @sgm/tensor/dist beside the bundle, or give useBackend ' +
  'the option wasmPaths: the address of the folder that serves them.'

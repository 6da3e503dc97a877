import * as tf from '@tensorflow/tfjs'
import { whyUnavailable } from './available'
import { type BackendName, backendNames } from './names'
import { runningThreads } from './wasm'

/** Whether a backend can run here, and if not, why. */
export type Availability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string }

/** What this runtime can do: see {@link capabilities}. */
export interface Capabilities {
  /** The backend in use, if one is yet. */
  readonly backend?: string
  readonly backends: Readonly<Record<BackendName, Availability>>
  /** Whether WebAssembly has vector instructions. */
  readonly simd: boolean
  /** Threads that the WASM backend uses or, before it starts, would use. */
  readonly threads: number
  /** Whether the backend in use can give values without `await`. */
  readonly dataSync: boolean
  /** Bits of a number on the backend in use. */
  readonly floatPrecision: 16 | 32
  /** Longest side of a WebGL texture, where there is WebGL. */
  readonly maxTextureSize?: number
  /** The version of tfjs. */
  readonly tfjs: string
}

/**
 * Says what this runtime can do, without starting or changing a backend.
 *
 * @example
 * const { backend, threads, simd } = await capabilities()
 */
export async function capabilities(): Promise<Capabilities> {
  const reasons = await Promise.all(backendNames.map((name) => whyUnavailable(name)))
  const backends = Object.fromEntries(
    backendNames.map((name, i): [string, Availability] => {
      const reason = reasons[i]
      return [name, reason === undefined ? { available: true } : { available: false, reason }]
    }),
  ) as Record<BackendName, Availability>
  const backend = tf.getBackend() as string | undefined
  return {
    ...(backend && { backend }),
    backends,
    simd: backends.wasm.available && WebAssembly.validate(Uint8Array.from(simdProgram)),
    threads: wasmThreads(),
    dataSync: backend !== 'webgpu',
    floatPrecision: backend !== 'webgl' || tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE') ? 32 : 16,
    ...(backends.webgl.available && { maxTextureSize: tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE') }),
    tfjs: tf.version_core,
  }
}

/** A module with one function: an i8x16 of zeros, counted. */
// biome-ignore format: bytes
const simdProgram = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0,
  10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]

/** The WASM backend takes threads where memory can be shared, but not in Node (tensorflow/tfjs#3830). */
function wasmThreads(): number {
  const shared = globalThis.crossOriginIsolated && !tf.env().getBool('IS_NODE')
  return runningThreads() ?? (shared ? navigator.hardwareConcurrency : 1)
}

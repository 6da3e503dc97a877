import * as tf from '@tensorflow/tfjs'

/** The files of the WASM backend; the browser gets the one that it can run. */
export type WasmFile =
  | 'tfjs-backend-wasm.wasm'
  | 'tfjs-backend-wasm-simd.wasm'
  | 'tfjs-backend-wasm-threaded-simd.wasm'

/**
 * Where the copies are that the build puts beside this module: written like this, Vite, webpack and Turbopack find them and take them along. Undefined in Node,
 * which finds the originals, and where a module does not know its own address.
 */
export function ownWasmFiles(): Readonly<Record<WasmFile, string>> | undefined {
  if (tf.env().getBool('IS_NODE') || !import.meta.url) return undefined
  return {
    'tfjs-backend-wasm.wasm': new URL('./tfjs-backend-wasm.wasm', import.meta.url).href,
    'tfjs-backend-wasm-simd.wasm': new URL('./tfjs-backend-wasm-simd.wasm', import.meta.url).href,
    'tfjs-backend-wasm-threaded-simd.wasm': new URL('./tfjs-backend-wasm-threaded-simd.wasm', import.meta.url)
      .href,
  }
}

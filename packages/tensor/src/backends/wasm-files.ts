import type { WasmFile } from './wasm'

/**
 * Where the copies are that the build puts beside this module: written like this, Vite, webpack and Turbopack find them and take them along, for browsers and
 * for servers. Undefined where there are none: in CommonJS, where the address is undefined, and beside the sources. Node then finds the originals.
 */
export function ownWasmFiles(): Readonly<Record<WasmFile, string>> | undefined {
  if (!import.meta.url || import.meta.url.endsWith('.ts')) return undefined
  return {
    'tfjs-backend-wasm.wasm': new URL('./tfjs-backend-wasm.wasm', import.meta.url).href,
    'tfjs-backend-wasm-simd.wasm': new URL('./tfjs-backend-wasm-simd.wasm', import.meta.url).href,
    'tfjs-backend-wasm-threaded-simd.wasm': new URL('./tfjs-backend-wasm-threaded-simd.wasm', import.meta.url)
      .href,
  }
}

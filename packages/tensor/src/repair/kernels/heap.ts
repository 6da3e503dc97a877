import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'

/** The numbers of a tensor inside the WASM memory. Any allocation may move the memory: read again after one. */
export function floats(backend: BackendWasm, x: Info): Float32Array {
  return backend.typedArrayFromHeap(x) as Float32Array
}

/** The bits of a tensor of floats, as {@link floats} are. */
export function bits(backend: BackendWasm, x: Info): Int32Array {
  const { buffer, byteOffset, length } = floats(backend, x)
  return new Int32Array(buffer, byteOffset, length)
}

/** A new tensor of zeros. */
export function zeros(backend: BackendWasm, shape: readonly number[]): Info {
  const out = backend.makeOutput([...shape], 'float32')
  floats(backend, out).fill(0)
  return out
}

/**
 * Calls `use` with a tensor that shares the memory of `x` from element `offset` on. It is gone afterwards; `x`
 * keeps the memory.
 */
export function withWindow<T>(
  backend: BackendWasm,
  x: Info,
  offset: number,
  shape: readonly number[],
  use: (window: Info) => T,
): T {
  const { memoryOffset } = backend.dataIdMap.get(x.dataId)
  const window = backend.makeOutput([...shape], 'float32', memoryOffset + 4 * offset)
  try {
    return use(window)
  } finally {
    backend.wasm.tfjs.disposeData(handle(backend, window))
    backend.dataIdMap.delete(window.dataId)
  }
}

/** The number by which compiled code knows a tensor. */
export function handle(backend: BackendWasm, x: Info): number {
  return backend.dataIdMap.get(x.dataId).id
}

/** A shape as compiled code takes it. */
export function shapeBytes(shape: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(shape).buffer)
}

type Compiled = (...args: (number | boolean | Uint8Array)[]) => void

const bound = new WeakMap<BackendWasm, Map<string, Compiled>>()

/** A function of the WASM module by name, its arguments numbers but those at the positions `arrays`. */
export function compiled(
  backend: BackendWasm,
  name: string,
  count: number,
  arrays: readonly number[] = [],
): Compiled {
  const functions = bound.get(backend) ?? new Map<string, Compiled>()
  bound.set(backend, functions)
  let found = functions.get(name)
  if (!found) {
    const types = Array.from({ length: count }, (_, i) => (arrays.includes(i) ? 'array' : 'number'))
    const module = backend.wasm as unknown as { cwrap(name: string, result: null, types: string[]): Compiled }
    found = module.cwrap(name, null, types)
    functions.set(name, found)
  }
  return found
}

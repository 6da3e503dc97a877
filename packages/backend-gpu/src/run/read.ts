import type { TypedArray } from '@sgm/tensor'
import type { GraphDType } from '@sgm/tensor/compile'
import type { DeviceContext } from './context'

/** Values in a buffer. */
export interface Stretch {
  readonly buffer: GPUBuffer
  readonly offset: number
  readonly bytes: number
  readonly dtype: GraphDType
  /** Number of elements. */
  readonly size: number
}

/** Reads values to the host, all of them at once. */
export async function readBuffers(
  { device, failure, buffers }: DeviceContext,
  stretches: readonly Stretch[],
): Promise<TypedArray[]> {
  if (stretches.length === 0) return []
  const total = stretches.reduce((sum, { bytes }) => sum + bytes, 0)
  const staging = buffers.make(total, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ, 'read')
  try {
    const encoder = device.createCommandEncoder()
    let at = 0
    for (const { buffer, offset, bytes } of stretches) {
      encoder.copyBufferToBuffer(buffer, offset, staging, at, bytes)
      at += bytes
    }
    device.queue.submit([encoder.finish()])
    await failure.during(staging.mapAsync(GPUMapMode.READ))
    const all = staging.getMappedRange().slice(0)
    at = 0
    return stretches.map(({ bytes, dtype, size }) => {
      const values = valuesOf(all, at, size, dtype)
      at += bytes
      return values
    })
  } finally {
    buffers.free(staging)
  }
}

function valuesOf(bytes: ArrayBuffer, at: number, size: number, dtype: GraphDType): TypedArray {
  if (dtype === 'float32') return new Float32Array(bytes, at, size)
  if (dtype === 'int32') return new Int32Array(bytes, at, size)
  return Uint8Array.from(new Uint32Array(bytes, at, size))
}

/** Values as buffers hold them: bools take four bytes. */
export function elementsOf(
  values: TypedArray,
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  if (values instanceof Uint8Array) return Uint32Array.from(values)
  return values instanceof Float32Array ? new Float32Array(values) : new Int32Array(values)
}

import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'

/**
 * `UnsortedSegmentSum`, which the backend lacks: adds slice i of x `[L, ...D]` to slice `segmentIds[i]` of the result
 * `[numSegments, ...D]`. Slices with an id outside of the range are left out.
 */
export function unsortedSegmentSum({ inputs, attrs, backend: held }: Parameters<tf.KernelFunc>[0]): Info {
  const { x, segmentIds } = inputs as { x: Info; segmentIds: Info }
  const { numSegments } = attrs as unknown as { numSegments: number }
  const backend = held as BackendWasm
  const rest = x.shape.slice(segmentIds.shape.length)
  const out = backend.makeOutput([numSegments, ...rest], x.dtype)
  const [from, ids, to] = [x, segmentIds, out].map((info) => backend.typedArrayFromHeap(info)) as [
    tf.TypedArray,
    tf.TypedArray,
    tf.TypedArray,
  ]
  const width = tf.util.sizeFromShape(rest)
  // A segment may add up every slice: in float64, as sums are.
  const sums = new Float64Array(to.length)
  for (let i = 0; i < ids.length; i++) {
    const segment = ids[i]!
    if (segment < 0 || segment >= numSegments) continue
    for (let j = 0; j < width; j++) sums[segment * width + j]! += from[i * width + j]!
  }
  to.set(sums)
  return out
}

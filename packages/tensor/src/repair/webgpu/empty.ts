import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import type { Replacement } from '../kernels/register'

/** A tensor of zeros, of any size. */
export const zeros = (backend: WebGPUBackend, shape: number[], dtype: tf.DataType): Info => {
  const size = tf.util.sizeFromShape(shape)
  return backend.makeTensorInfo(shape, dtype, tf.util.getTypedArrayFromDType(dtype as 'float32', size))
}

/** `Slice` of nothing: tfjs cuts small tensors on the host, where it keeps those without elements as plain lists. */
export const slice: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  if (tf.util.sizeFromShape(x.shape) > 0) return plain(args)
  const { begin, size } = args.attrs as unknown as tf.SliceAttrs
  const [, shape] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size)
  return zeros(args.backend as WebGPUBackend, shape!, x.dtype)
}

/** `UnsortedSegmentSum` of nothing: tfjs asks for the rows of a matrix without elements. */
export const segmentSum: Replacement = (plain) => (args) => {
  const { x, segmentIds } = args.inputs as { x: Info; segmentIds: Info }
  if (tf.util.sizeFromShape(x.shape) > 0) return plain(args)
  const { numSegments } = args.attrs as unknown as tf.UnsortedSegmentSumAttrs
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)]
  return zeros(args.backend as WebGPUBackend, shape, x.dtype)
}

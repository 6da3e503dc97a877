import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import type { Replacement } from '../kernels/register'
import type { CpuBackend } from './host'

/** Nothing as an array of numbers: tfjs leaves a plain one where it joins nothing, which other kernels cannot read. */
export const typedIfEmpty: Replacement = (plain) => (args) => {
  const out = plain(args) as Info
  if (tf.util.sizeFromShape(out.shape) > 0) return out
  const backend = args.backend as CpuBackend
  backend.disposeData(out.dataId)
  const nothing = tf.util.getTypedArrayFromDType(out.dtype as tf.NumericDataType, 0)
  return backend.makeTensorInfo(out.shape, out.dtype, nothing)
}

import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import type { Replacement } from './register'

/** `GatherV2` of nothing, in the shape of a result: tfjs leaves one of its own, with four axes. */
export const gather: Replacement = (plain) => (args) => {
  const out = plain(args) as Info
  if (tf.util.sizeFromShape(out.shape) > 0) return out
  const { x, indices } = args.inputs as { x: Info; indices: Info }
  const { axis, batchDims } = args.attrs as unknown as tf.GatherV2Attrs
  const at = tf.util.parseAxisParam(axis, x.shape)[0]!
  const shape = [...x.shape.slice(0, at), ...indices.shape.slice(batchDims), ...x.shape.slice(at + 1)]
  return { ...out, shape }
}

/** `Transpose` of nothing: the module divides by the sizes of axes. */
export const transpose: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  if (tf.util.sizeFromShape(x.shape) > 0) return plain(args)
  const { perm } = args.attrs as unknown as tf.TransposeAttrs
  return (args.backend as BackendWasm).makeOutput(
    perm.map((axis) => x.shape[axis]!),
    x.dtype,
  )
}

/** `Select` of nothing: the module writes an entry for each of the condition, past the end of the result where that has fewer. */
export const select: Replacement = (plain) => (args) => {
  const { t } = args.inputs as { t: Info }
  if (tf.util.sizeFromShape(t.shape) > 0) return plain(args)
  return (args.backend as BackendWasm).makeOutput(t.shape, t.dtype)
}

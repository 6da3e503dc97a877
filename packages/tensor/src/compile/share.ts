import * as tf from '@tensorflow/tfjs'

/**
 * A tensor of the same values that outlives `x` and every scope: nothing is copied on any backend (Identity copies on some) nor moved
 * to another.
 */
export function share(x: tf.TensorInfo): tf.Tensor {
  const engine = tf.engine()
  const { backend } = engine.state.tensorInfo.get(x.dataId)!
  backend.incRef(x.dataId)
  return tf.keep(engine.makeTensorFromDataId(x.dataId, x.shape, x.dtype, backend))
}

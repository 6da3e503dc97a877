import * as tf from '@tensorflow/tfjs'

/** Frees what the tape saved: tfjs forgets it when a function being differentiated throws. */
export function releaseTape(): void {
  const { state } = tf.engine()
  if (state.gradientDepth > 0) return
  for (const node of state.activeTape ?? []) tf.dispose(node.saved ?? [])
  state.activeTape = null!
}

import * as tf from '@tensorflow/tfjs'
import { convolutionGradients } from './convolution'
import { elementwiseGradients } from './elementwise'
import { poolingGradients } from './pooling'
import { reductionGradients } from './reduction'
import { resizeGradients } from './resize'
import { shapeGradients } from './shape'
import { repairTape } from './tape'
import { zeroGradients } from './zero'

const gradients: readonly tf.GradConfig[] = [
  ...elementwiseGradients,
  ...zeroGradients,
  ...reductionGradients,
  ...shapeGradients,
  ...convolutionGradients,
  ...poolingGradients,
  ...resizeGradients,
]

/**
 * Makes tfjs's gradients right to second order, on every backend and for every caller of tfjs in the program. What differentiates by sgm (`grad` and what is built
 * on it: losses, training, likelihoods) brings this along when it is imported, so that only who differentiates by tfjs alone, in a bundle without these, need call it.
 * Running it again changes nothing.
 *
 * @example
 * repairGradients() // before tf.grad(…) or model.fit(…) of your own
 * const slope = tf.grad((x) => tf.tanh(x))
 * const bend = tf.grad((x) => slope(x))
 * bend(tf.scalar(1)) // → -0.63970
 */
export function repairGradients(): void {
  repairTape()
  for (const config of gradients) {
    if (tf.getGradient(config.kernelName) !== config) tf.registerGradient(config)
  }
}

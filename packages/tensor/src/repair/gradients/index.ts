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
 * Makes tfjs's gradients right to second order, on every backend and for every caller of tfjs in the process.
 * Runs when `@sgm/tensor` is imported; running it again changes nothing. `docs/decisions/0002` lists what it
 * touches.
 */
export function repairGradients(): void {
  repairTape()
  for (const config of gradients) {
    if (tf.getGradient(config.kernelName) !== config) tf.registerGradient(config)
  }
}

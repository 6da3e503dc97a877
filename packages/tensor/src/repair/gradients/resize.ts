import * as tf from '@tensorflow/tfjs'
import { bilinear, type Interpolation, nearest, type Resize, type Sources } from '../sampling'
import { gradient } from './helpers'
import { adjoint, separableGradient } from './separable'

/** tfjs's gradient kernels have no gradients themselves, and take half-pixel centres for corners. */
function resizing(name: string, { sources }: Interpolation): tf.GradConfig {
  return gradient<Resize>(name, { inputs: ['images'] }, (dy, [images], resize) => ({
    images: () => {
      const [, h, w] = images!.shape as [number, number, number, number]
      const [toH, toW] = resize.size
      if (isRepetition(h, toH, sources(h, toH, resize)) && isRepetition(w, toW, sources(w, toW, resize))) {
        const [down, across] = [toH / h, toW / w]
        return tf.mul(tf.avgPool(dy as tf.Tensor4D, [down, across], [down, across], 'valid'), down * across)
      }
      return separableGradient(
        dy,
        adjoint(h, toH, sources(h, toH, resize)),
        adjoint(w, toW, sources(w, toW, resize)),
      )
    },
  }))
}

/** Whether each position is repeated equally often, one after the other. */
function isRepetition(from: number, to: number, sources: Sources): boolean {
  return Array.from({ length: to }, (_, i) => sources(i)).every(
    (all, i) => `${all}` === `${[Math.floor((i * from) / to), 1]}` && to % from === 0,
  )
}

export const resizeGradients = [
  resizing(tf.ResizeBilinear, bilinear),
  resizing(tf.ResizeNearestNeighbor, nearest),
]

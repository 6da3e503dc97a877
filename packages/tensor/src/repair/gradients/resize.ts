import * as tf from '@tensorflow/tfjs'
import { bilinear, type Interpolation, nearest, type Resize } from '../sampling'
import { gradient } from './helpers'
import { adjoint, separableGradient } from './separable'

/** tfjs's gradient kernels have no gradients themselves, and take half-pixel centres for corners. */
function resizing(name: string, { sources }: Interpolation): tf.GradConfig {
  return gradient<Resize>(name, { inputs: ['images'] }, (dy, [images], resize) => ({
    images: () => {
      const [, h, w] = images!.shape as [number, number, number, number]
      const [toH, toW] = resize.size
      return separableGradient(
        dy,
        adjoint(h, toH, sources(h, toH, resize)),
        adjoint(w, toW, sources(w, toW, resize)),
      )
    },
  }))
}

export const resizeGradients = [
  resizing(tf.ResizeBilinear, bilinear),
  resizing(tf.ResizeNearestNeighbor, nearest),
]

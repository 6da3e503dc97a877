import * as tf from '@tensorflow/tfjs'
import { bilinear, type Interpolation, nearest, type Resize, type Sources } from '../sampling'
import { gradient, kernel } from './helpers'
import { adjoint, separableGradient } from './separable'

/** tfjs's gradient kernels have no gradients themselves, and take half-pixel centres for corners. */
function resizing(name: string, { sources }: Interpolation): tf.GradConfig {
  return gradient<Resize>(name, { inputs: ['images'] }, (dy, [images], resize) => ({
    images: () => {
      const [, h, w] = images!.shape as [number, number, number, number]
      const [toH, toW] = resize.size
      const [rows, columns] = [sources(h, toH, resize), sources(w, toW, resize)]
      if (!isRepetition(h, toH, rows) || !isRepetition(w, toW, columns))
        return separableGradient(dy, adjoint(h, toH, rows), adjoint(w, toW, columns))
      // What is repeated has the sum of its window, which every engine has as a mean.
      const window = [toH / h, toW / w] as const
      const means = kernel(tf.AvgPool, { x: dy }, { filterSize: window, strides: window, pad: 'valid' })
      return tf.mul(means, window[0] * window[1])
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

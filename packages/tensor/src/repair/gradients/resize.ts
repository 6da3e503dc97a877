import * as tf from '@tensorflow/tfjs'
import { gradient } from './helpers'

interface Resize {
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
  readonly size: [number, number]
}

/** Each output position's sources along one axis: their indices and weights. */
type Sources = (position: number, size: number) => readonly (readonly [index: number, weight: number])[]

const bilinear: Sources = (position, size) => {
  const at = Math.min(Math.max(position, 0), size - 1)
  const low = Math.floor(at)
  return [
    [low, 1 - (at - low)],
    [Math.min(low + 1, size - 1), at - low],
  ]
}

/** The transposed interpolation matrix of one axis: `[1, from, to]`. */
function adjoint(from: number, to: number, resize: Resize, kind: 'bilinear' | 'nearest'): tf.Tensor3D {
  const corners = resize.alignCorners && to > 1
  const ratio = corners ? (from - 1) / (to - 1) : from / to
  const matrix = new Float32Array(from * to)
  for (let i = 0; i < to; i++) {
    const centre = resize.halfPixelCenters ? (i + 0.5) * ratio : i * ratio
    const nearest = Math.min(Math.floor(corners ? centre + 0.5 : centre), from - 1)
    const sources =
      kind === 'nearest'
        ? ([[nearest, 1]] as const)
        : bilinear(resize.halfPixelCenters ? centre - 0.5 : centre, from)
    for (const [index, weight] of sources) matrix[index * to + i] = matrix[index * to + i]! + weight
  }
  return tf.tensor3d(matrix, [1, from, to])
}

/**
 * Interpolation is a matrix on each axis, so its gradient is two matrix products, which have gradients of their own.
 * tfjs's gradient kernels have none, and take half-pixel centres for corners.
 */
function resizing(name: string, kind: 'bilinear' | 'nearest'): tf.GradConfig {
  return gradient<Resize>(name, { inputs: ['images'] }, (dy, [images], resize) => ({
    images: () => {
      const [b, h, w, c] = images!.shape as [number, number, number, number]
      const [toH, toW] = resize.size
      const rows = tf.matMul(adjoint(h, toH, resize, kind), tf.reshape(dy, [b, toH, toW * c]))
      const columns = tf.matMul(adjoint(w, toW, resize, kind), tf.reshape(rows, [b * h, toW, c]))
      return tf.reshape(columns, [b, h, w, c])
    },
  }))
}

export const resizeGradients = [
  resizing(tf.ResizeBilinear, 'bilinear'),
  resizing(tf.ResizeNearestNeighbor, 'nearest'),
]

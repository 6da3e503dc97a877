import * as tf from '@tensorflow/tfjs'
import type { Sources } from '../sampling'

/** The transposed matrix of a linear map along one axis: `[1, from, to]`. */
export function adjoint(from: number, to: number, sources: Sources): tf.Tensor3D {
  const matrix = new Float32Array(from * to)
  for (let i = 0; i < to; i++) {
    for (const [index, weight] of sources(i)) matrix[index * to + i] = matrix[index * to + i]! + weight
  }
  return tf.tensor3d(matrix, [1, from, to])
}

/**
 * The gradient of a map of images that is a matrix on the rows and another on the columns: two products with
 * the transposed matrices, which have gradients of their own.
 */
export function separableGradient(dy: tf.Tensor, rows: tf.Tensor3D, columns: tf.Tensor3D): tf.Tensor {
  const [b, toH, toW, c] = dy.shape as [number, number, number, number]
  const [h, w] = [rows.shape[1], columns.shape[1]]
  const back = tf.matMul(rows, tf.reshape(dy, [b, toH, toW * c]))
  return tf.reshape(tf.matMul(columns, tf.reshape(back, [b * h, toW, c])), [b, h, w, c])
}

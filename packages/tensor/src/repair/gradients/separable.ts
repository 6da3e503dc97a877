import * as tf from '@tensorflow/tfjs'
import type { Sources } from '../sampling'

/** The output positions that an input position has a weight in, and those weights. */
type Targets = readonly (readonly [position: number, weight: number])[]

/** The transpose of a linear map along one axis: the targets of each of `from` input positions. */
export interface Adjoint {
  readonly to: number
  readonly targets: readonly Targets[]
}

/** The transpose of the map that makes each of `to` output positions of its sources. */
export function adjoint(from: number, to: number, sources: Sources): Adjoint {
  const targets = Array.from({ length: from }, (): [number, number][] => [])
  for (let i = 0; i < to; i++) for (const [index, weight] of sources(i)) targets[index]!.push([i, weight])
  return { to, targets }
}

/**
 * Along the middle axis of `[n, to, m]`: each input position gathers its targets and adds them up. A product with the matrix would
 * multiply all others by 0, which is NaN where they are not finite.
 */
function collected(dy: tf.Tensor, { to, targets }: Adjoint): tf.Tensor {
  const [n, , m] = dy.shape as [number, number, number]
  const most = Math.max(1, ...targets.map(({ length }) => length))
  const slots = targets.flatMap((list) => Array.from({ length: most }, (_, k) => list[k] ?? [to, 0]))
  const isFull = targets.every(({ length }) => length === most)
  const wide = isFull ? dy : tf.pad(dy, [[0, 0], [0, 1], [0, 0]]) // biome-ignore format: pairs
  const places = tf.tensor1d(slots.map(([position]) => position!), 'int32') // biome-ignore format: one list
  const weights = tf.tensor3d(slots.map(([, weight]) => weight!), [1, slots.length, 1]) // biome-ignore format: one list
  const terms = tf.mul(tf.gather(wide, places, 1), weights)
  return most === 1 ? terms : tf.sum(tf.reshape(terms, [n, targets.length, most, m]), 2)
}

/** The gradient of a map of images that is linear along the rows and along the columns, from the transposes of both. */
export function separableGradient(dy: tf.Tensor, rows: Adjoint, columns: Adjoint): tf.Tensor {
  const [b, toH, toW, c] = dy.shape as [number, number, number, number]
  const [h, w] = [rows.targets.length, columns.targets.length]
  const back = collected(tf.reshape(dy, [b, toH, toW * c]), rows)
  return tf.reshape(collected(tf.reshape(back, [b * h, toW, c]), columns), [b, h, w, c])
}

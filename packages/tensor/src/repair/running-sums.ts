import * as tf from '@tensorflow/tfjs'

/** Writes the running sums of `from` along an axis, added in float64: the kernels of tfjs go on from the last float32. */
export function runningSums(
  from: tf.TypedArray,
  to: tf.TypedArray,
  shape: number[],
  { axis, exclusive, reverse }: tf.CumsumAttrs,
): void {
  const at = tf.util.parseAxisParam(axis, shape)[0]!
  const length = shape[at]!
  const inner = tf.util.sizeFromShape(shape.slice(at + 1))
  const step = reverse ? -inner : inner
  for (let block = 0; block < from.length; block += length * inner) {
    for (let i = 0; i < inner; i++) {
      let total = 0
      let p = block + i + (reverse ? (length - 1) * inner : 0)
      for (let k = 0; k < length; k++, p += step) {
        const before = total
        total += from[p]!
        to[p] = exclusive ? before : total
      }
    }
  }
}

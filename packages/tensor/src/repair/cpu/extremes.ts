import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { type Pool, windowsOf } from '../windows'
import { type CpuBackend, floatsOf, valuesOf } from './host'

/** The index of the first extreme along an axis; NaN is one, as it is to NumPy, where tfjs passes over it. */
const arg = (isBeyond: (value: number, best: number) => boolean): Replacement =>
  forFloats(({ inputs, attrs, backend: held }) => {
    const { x } = inputs as { x: Info }
    const backend = held as CpuBackend
    const [axis] = tf.util.parseAxisParam((attrs as { axis: number }).axis, x.shape) as [number]
    const [length, inner] = [x.shape[axis]!, tf.util.sizeFromShape(x.shape.slice(axis + 1))]
    const shape = x.shape.toSpliced(axis, 1)
    const from = valuesOf(backend, x)
    const places = Int32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => {
      const first = Math.floor(i / inner) * length * inner + (i % inner)
      let [best, place] = [from[first]!, 0]
      for (let k = 1; k < length && !Number.isNaN(best); k++) {
        const value = from[first + k * inner]!
        if (Number.isNaN(value) || isBeyond(value, best)) [best, place] = [value, k]
      }
      return place
    })
    return backend.makeTensorInfo(shape, 'int32', places)
  })

/** The largest value in each window, NaN if it holds one: tfjs passes over those. */
const maxPool = forFloats(({ inputs, attrs, backend: held }) => {
  const { x } = inputs as { x: Info }
  const at = windowsOf(x, attrs as unknown as Pool)
  const backend = held as CpuBackend
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = at
  const from = valuesOf(backend, x)
  return floatsOf(backend, at.outShape, (to) => {
    to.fill(Number.NEGATIVE_INFINITY)
    for (let n = 0; n < at.batchSize; n++) {
      for (let i = 0; i < outHeight; i++) {
        for (let j = 0; j < outWidth; j++) {
          const target = ((n * outHeight + i) * outWidth + j) * inChannels
          for (let k = 0; k < filterHeight * filterWidth; k++) {
            const row = i * at.strideHeight - padInfo.top + Math.floor(k / filterWidth)
            const column = j * at.strideWidth - padInfo.left + (k % filterWidth)
            if (row < 0 || column < 0 || row >= inHeight || column >= inWidth) continue
            const source = ((n * inHeight + row) * inWidth + column) * inChannels
            for (let c = 0; c < inChannels; c++) to[target + c] = Math.max(to[target + c]!, from[source + c]!)
          }
        }
      }
    }
  })
})

export const extremes: Readonly<Record<string, Replacement>> = {
  ArgMax: arg((value, best) => value > best),
  ArgMin: arg((value, best) => value < best),
  MaxPool: maxPool,
}

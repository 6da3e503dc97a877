import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from './heap'
import type { Replacement } from './register'

/** `Cumsum` in float64: the module's running sum is a float32. */
export const cumsum: Replacement =
  () =>
  ({ inputs, attrs, backend: held }) => {
    const { x } = inputs as { x: Info }
    const { axis, exclusive, reverse } = attrs as unknown as tf.CumsumAttrs
    const backend = held as BackendWasm
    const out = backend.makeOutput(x.shape, x.dtype === 'bool' ? 'int32' : x.dtype)
    const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(out)]
    const at = tf.util.parseAxisParam(axis, x.shape)[0]!
    const length = x.shape[at]!
    const inner = tf.util.sizeFromShape(x.shape.slice(at + 1))
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
    return out
  }

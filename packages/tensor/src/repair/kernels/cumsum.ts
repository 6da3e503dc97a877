import type * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { runningSums } from '../running-sums'
import type { Replacement } from './register'

/** `Cumsum` in float64. */
export const cumsum: Replacement =
  () =>
  ({ inputs, attrs, backend: held }) => {
    const { x } = inputs as { x: Info }
    const backend = held as BackendWasm
    const out = backend.makeOutput(x.shape, x.dtype === 'bool' ? 'int32' : x.dtype)
    const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(out)]
    runningSums(from, to, x.shape, attrs as unknown as tf.CumsumAttrs)
    return out
  }

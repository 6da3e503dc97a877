import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import type { Replacement } from './register'

/** Which entry of an array of shape `shape` meets entry i of one of shape `to`, which it stretches to. */
export function stretched(shape: readonly number[], to: readonly number[]): (i: number) => number {
  const sizes = [...Array<number>(to.length - shape.length).fill(1), ...shape]
  return (i) => {
    let [rest, index, stride] = [i, 0, 1]
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const at = rest % to[axis]!
      rest = (rest - at) / to[axis]!
      if (sizes[axis] !== 1) index += at * stride
      stride *= sizes[axis]!
    }
    return index
  }
}

/** `Tile` of one entry, which the module takes apart into axes for each place: twenty times as long. */
export const tile: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  if (tf.util.sizeFromShape(x.shape) !== 1) return plain(args)
  const { reps } = args.attrs as unknown as tf.TileAttrs
  const backend = args.backend as BackendWasm
  const out = backend.makeOutput([...reps], x.dtype)
  const [value] = backend.typedArrayFromHeap(x)
  backend.typedArrayFromHeap(out).fill(value!)
  return out
}

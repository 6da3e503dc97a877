import * as tf from '@tensorflow/tfjs'
import { key, normal, type Tensor, useBackend } from '../src'
import { milliseconds, print, time } from './table'

const shapes: readonly (readonly [number, number])[] = [
  [512, 2],
  [4096, 64],
  [1024, 1024],
]

/** Prints the speed of keyed normal numbers beside tfjs's own. */
export async function benchNormals(): Promise<void> {
  const source = key(0)
  for (const backend of ['wasm', 'cpu'] as const) {
    await useBackend(backend)
    const rows = shapes.map((shape) => {
      const count = shape[0] * shape[1]
      const [theirs, ours] = milliseconds([
        () => tf.randomNormal([...shape]),
        () => normal(source, shape) as Tensor & tf.Tensor,
      ]) as [number, number]
      const rate = (spent: number): string => (count / spent / 1e3).toFixed(1)
      return [
        shape.join('×'),
        time(theirs),
        time(ours),
        rate(theirs),
        rate(ours),
        `${(theirs / ours).toFixed(2)}×`,
      ]
    })
    print(
      `Normal numbers on ${backend}`,
      ['shape', 'tf.randomNormal, ms', 'sgm normal, ms', 'tfjs, million/s', 'sgm, million/s', 'ratio'],
      rows,
    )
  }
}

import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '../types'
import type { Draw } from './host-values'

/** Makes the tensor of a draw where the backend in use keeps its tensors; undefined for draws that it leaves to the host. */
export type DrawMaker = (draw: Draw) => Tensor | undefined

const makers = new Map<string, DrawMaker>()

/**
 * Lets a backend make its own draws, or with undefined no longer. For packages that bring backends.
 *
 * @param backend The name of a backend of tfjs.
 * @param maker Makes the tensor of a draw, or undefined for one that it leaves to the host.
 * @example
 * makeDrawsWith('my-backend', () => undefined) // leaves all to the host
 */
export function makeDrawsWith(backend: string, maker: DrawMaker | undefined): void {
  if (maker) makers.set(backend, maker)
  else makers.delete(backend)
}

/** What the backend in use makes of a draw. */
export function drawnOnDevice(draw: Draw): Tensor | undefined {
  return makers.size === 0 ? undefined : makers.get(tf.getBackend())?.(draw)
}

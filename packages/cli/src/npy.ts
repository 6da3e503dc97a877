import type { Tensor } from '@sgm/tensor'
import { writeOutput } from './run-folder'

/** Writes samples for NumPy: images in [0, 1], whatever the range of the network that drew them, points as they are. Nothing is cut off. */
export async function writeNpy(
  path: string,
  x: Tensor,
  range: readonly [number, number] | null,
): Promise<void> {
  const [low, high] = range ?? [0, 1]
  const drawn = (await x.data()) as Float32Array
  const values = drawn.map((value) => (value - low) / (high - low))
  await writeOutput(path, encodeNpy(values, x.shape))
}

/**
 * Values as a file that NumPy reads: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0.
 *
 * @param shape Row-major.
 */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`
  const length = Math.ceil((PREFIX + text.length + 1) / 64) * 64 - PREFIX
  const file = new Uint8Array(PREFIX + length + 4 * values.length)
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0])
  const view = new DataView(file.buffer)
  view.setUint16(8, length, true)
  file.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), PREFIX)
  for (const [i, value] of values.entries()) view.setFloat32(PREFIX + length + 4 * i, value, true)
  return file
}

/** Bytes before the header's text. */
const PREFIX = 10

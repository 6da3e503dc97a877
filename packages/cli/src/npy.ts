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

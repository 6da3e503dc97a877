/**
 * The middle square of a picture `[height, width, channels]`, at `size` × `size` pixels: resampled by triangles, as wide
 * as the pixels of the coarser grid, so that nothing is skipped when the picture shrinks.
 */
export function centreSquare(
  bytes: Uint8Array,
  height: number,
  width: number,
  channels: number,
  size: number,
): Uint8Array {
  const side = Math.min(height, width)
  const top = Math.floor((height - side) / 2)
  const left = Math.floor((width - side) / 2)
  const weights = triangles(side, size)
  const rows = new Float32Array(side * size * channels)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < size; x++) {
      const { from, values } = weights[x]!
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let i = 0; i < values.length; i++) {
          sum += values[i]! * bytes[((top + y) * width + left + from + i) * channels + c]!
        }
        rows[(y * size + x) * channels + c] = sum
      }
    }
  }
  const square = new Uint8Array(size * size * channels)
  const columns = size * channels
  for (let y = 0; y < size; y++) {
    const { from, values } = weights[y]!
    for (let at = 0; at < columns; at++) {
      let sum = 0
      for (let i = 0; i < values.length; i++) sum += values[i]! * rows[(from + i) * columns + at]!
      square[y * columns + at] = Math.round(sum)
    }
  }
  return square
}

/** For each of `to` pixels, which of `from` pixels it is made of. */
function triangles(from: number, to: number): { from: number; values: Float64Array }[] {
  const scale = from / to
  const reach = Math.max(1, scale)
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(from - 1, Math.floor(centre + reach))
    const values = Float64Array.from(
      { length: last - first + 1 },
      (_, j) => 1 - Math.abs(first + j - centre) / reach,
    )
    const sum = values.reduce((a, b) => a + b, 0)
    return { from: first, values: values.map((value) => value / sum) }
  })
}

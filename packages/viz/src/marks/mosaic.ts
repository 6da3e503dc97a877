import { expected } from '@sgm/tensor/check'
import type { Shaped } from '../read'
import type { Extent } from '../types'

const MOST_PIXELS = 2 ** 26

/** How images lie in one. */
export interface MosaicLayout {
  readonly columns: number
  /** Pixels between two images. */
  readonly gap: number
  readonly wide: number
  readonly high: number
}

/** How images `[n, height, width, …]` lie in rows. @throws RangeError where they are too many. */
export function mosaicLayout(where: string, { shape }: Shaped, columns: number): MosaicLayout {
  const [n = 0, height = 0, width = 0] = shape
  const rows = Math.ceil(n / columns)
  const gap = Math.max(1, Math.round(0.06 * Math.max(height, width)))
  const [wide, high] = [columns * (width + gap) - gap, rows * (height + gap) - gap]
  if (wide * high > MOST_PIXELS) throw expected(where, `at most ${MOST_PIXELS} pixels in all`, wide * high)
  return { columns, gap, wide, high }
}

/** What is black and white unless said: bytes of integers, else 0 and 1. */
export function rangeOf(values: ArrayLike<number>): Extent {
  const whole =
    values instanceof Uint8Array || values instanceof Uint8ClampedArray || values instanceof Int32Array
  return whole ? [0, 255] : [0, 1]
}

/** All images in one, `[high, wide, 4]`; what lies between them stays clear. */
export function mosaic(
  { values, shape }: Shaped,
  { columns, gap, wide, high }: MosaicLayout,
  [low, top]: Extent,
): Uint8ClampedArray<ArrayBuffer> {
  const [n = 0, height = 0, width = 0, channels = 1] = shape
  const pixels = new Uint8ClampedArray(4 * wide * high)
  let from = 0
  for (let i = 0; i < n; i++) {
    const x = (i % columns) * (width + gap)
    const y = Math.floor(i / columns) * (height + gap)
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, from += channels) {
        const to = 4 * ((y + row) * wide + x + column)
        let finite = true
        for (let k = 0; k < 3; k++) {
          const value = values[from + (channels === 1 ? 0 : k)]!
          finite &&= Number.isFinite(value)
          pixels[to + k] = (255 * (value - low)) / (top - low)
        }
        const opacity = channels === 4 ? (255 * (values[from + 3]! - low)) / (top - low) : 255
        pixels[to + 3] = finite ? opacity : 0
      }
    }
  }
  return pixels
}

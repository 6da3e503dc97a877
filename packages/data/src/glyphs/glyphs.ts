import { foldIn, type Key, split, uniformValues } from '@sgm/tensor'
import { checkIntegers, checkKeys, checkOneOf, optionsOf } from '@sgm/tensor/check'
import { checkIndices, type ImageSet } from '../images/image-set'
import { drawGlyph } from './draw'
import { shapes } from './shapes'

/** Options of {@link glyphs}. */
export interface GlyphOptions {
  /** Number of images, an integer >= 1. */
  readonly count: number
  /** Decides every image. */
  readonly key: Key
  /** Height and width in pixels, an integer in [8, 1024]. @default 28 */
  readonly size?: number
  /** 1: white ink on black, as in MNIST. 3: ink and paper of random colours. @default 1 */
  readonly channels?: 1 | 3
}

/**
 * Digits 0 to 9 drawn as if by hand: a data set of images that needs no download. Each image chooses among a few ways
 * to write its digit; bends, slants, turns and scales it; and draws it with a round pen of random width, anti-aliased.
 * Labels are independent and uniform.
 *
 * Images are drawn when they are asked for. Image i and its label depend on (key, i) alone, and not on the size but for its
 * pixels: `glyphs` of another count, size or number of channels show the same writing.
 *
 * @throws RangeError when an option is out of its range.
 * @example
 * const set = glyphs({ count: 10_000, key: key(0) })
 * const x = await images(set, [0, 1, 2])
 * x.shape // → [3, 28, 28, 1]
 */
export function glyphs(options: GlyphOptions): ImageSet {
  const {
    count,
    key,
    size = 28,
    channels = 1,
  } = optionsOf('glyphs', options, { count: true, key: true, size: true, channels: true })
  checkIntegers('glyphs', { count })
  checkKeys('glyphs', { key })
  checkIntegers('glyphs', { size }, 8, 1024)
  checkOneOf('glyphs', { channels }, [1, 3])
  const [labelKey, drawKey] = split(key)
  const labels = Uint8Array.from(uniformValues(labelKey, count), (u) => Math.min(9, Math.floor(10 * u)))
  const pixels = size * size * channels
  const digits = shapes()
  return {
    length: count,
    shape: [size, size, channels],
    labels,
    classes: digits.map((_, digit) => String(digit)),
    bytes(indices) {
      checkIndices('glyphs', indices, count)
      const bytes = new Uint8Array(indices.length * pixels)
      indices.forEach((index, i) => {
        const image = bytes.subarray(i * pixels, (i + 1) * pixels)
        drawGlyph(foldIn(drawKey, index), digits[labels[index]!]!, size, channels, image)
      })
      return bytes
    },
  }
}

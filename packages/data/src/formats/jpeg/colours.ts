import type { Picture } from '../picture'
import type { Frame } from './frame'
import type { Plane } from './planes'

/** What the components are: grey; luma and two chromas; red, green and blue; or inks. */
export type Coding = 'grey' | 'YCbCr' | 'RGB' | 'YCCK' | 'CMYK'

/**
 * What the components of a frame are, as the reference decoder of the Independent JPEG Group tells it: with JFIF's segment luma and
 * chromas, else by the transform that Adobe's segment names, else by the components' names. Any transform of Adobe's but 0 stands for luma and chromas.
 */
export function codingOf({ components }: Frame, adobe: number | undefined, jfif: boolean): Coding {
  if (components.length === 1) return 'grey'
  if (components.length === 4) return adobe === undefined || adobe === 0 ? 'CMYK' : 'YCCK'
  if (jfif) return 'YCbCr'
  if (adobe !== undefined) return adobe === 0 ? 'RGB' : 'YCbCr'
  return String.fromCharCode(...components.map(({ id }) => id)) === 'RGB' ? 'RGB' : 'YCbCr'
}

/**
 * The picture of a frame's planes. Coarser planes are interpolated between the middles of their samples.
 *
 * ITU-T T.871 (2011), section 7: R = Y + 1.402 Cr, G = Y − 0.344136 Cb − 0.714136 Cr, B = Y + 1.772 Cb.

 * Inks are taken for stored as what they leave white, as Adobe does.
 */
export function pictureOf(frame: Frame, planes: readonly Plane[], coding: Coding): Picture {
  const { width, height } = frame
  const channels = coding === 'grey' ? 1 : 3
  const bytes = new Uint8ClampedArray(width * height * channels)
  const transformed = coding === 'YCbCr' || coding === 'YCCK'
  const lines = planes.map((plane) => linesOf(plane, frame))
  for (let y = 0; y < height; y++) {
    const [a, b, c, d] = lines.map((line) => line(y)) as [Line, Line, Line, Line | undefined]
    for (let x = 0, to = y * width * channels; x < width; x++, to += channels) {
      bytes[to] = a[x]!
      if (channels === 1) continue
      bytes[to + 1] = b[x]!
      bytes[to + 2] = c[x]!
      if (transformed) {
        const luma = a[x]!
        const blue = b[x]! - 128
        const red = c[x]! - 128
        bytes[to] = luma + 1.402 * red
        bytes[to + 1] = luma - 0.344136 * blue - 0.714136 * red
        bytes[to + 2] = luma + 1.772 * blue
        // Of inks the transform is taken of what they leave white.
        if (d) for (let k = to; k < to + 3; k++) bytes[k] = 255 - bytes[k]!
      }
      if (d) for (let k = to; k < to + 3; k++) bytes[k]! *= d[x]! / 255
    }
  }
  return { width, height, channels, bytes: new Uint8Array(bytes.buffer) }
}

type Line = ArrayLike<number>

/** The rows of a plane, stretched to the frame's size. */
function linesOf({ samples, ...plane }: Plane, { width, height }: Frame): (y: number) => Line {
  const row = (y: number) => samples.subarray(8 * plane.columns * y, 8 * plane.columns * (y + 1))
  if (plane.width === width && plane.height === height) return row
  const across = between(width, plane.width, plane.scaleX)
  const down = between(height, plane.height, plane.scaleY)
  const line = new Float64Array(width)
  return (y) => {
    const [upper, lower, below] = [row(down.first[y]!), row(down.second[y]!), down.share[y]!]
    for (let x = 0; x < width; x++) {
      const [left, right, beside] = [across.first[x]!, across.second[x]!, across.share[x]!]
      const top = upper[left]! + (upper[right]! - upper[left]!) * beside
      line[x] = top + (lower[left]! + (lower[right]! - lower[left]!) * beside - top) * below
    }
    return line
  }
}

/** For each of `many` places, the two of `few` samples around it, and how far it is from the first to the second. */
function between(many: number, few: number, scale: number) {
  const at = (i: number) => Math.min(Math.max((i + 0.5) * scale - 0.5, 0), few - 1)
  const first = Int32Array.from({ length: many }, (_, i) => at(i))
  const second = first.map((i) => Math.min(i + 1, few - 1))
  return { first, second, share: Float64Array.from(first, (from, i) => at(i) - from) }
}

import type { DotsShape, Polyline } from './types'

/** The pixels of a rectangle, black and more or less opaque. */
export interface Mask {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** `[height, width, 4]` bytes: red, green, blue, opacity. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
}

/** Places of a disc's middle within a pixel that are told apart, along each axis. */
const PLACES = 4

/**
 * Draws discs into pixels, each over those before it: with thousands, a browser's own paths take a hundred times as long.
 *
 * @param shape Centres and radius in pixels of the bounds.
 * @param bounds What lies outside is left out.
 */
export function splat(
  { centres, radius, opacity = 1 }: Pick<DotsShape, 'centres' | 'radius' | 'opacity'>,
  bounds: { readonly width: number; readonly height: number },
): Mask {
  const reach = Math.ceil(radius + 1)
  const { left, top, width, height } = boxOf(centres, reach, bounds)
  const clear = new Float32Array(width * height).fill(1)
  const side = 2 * reach + 1
  const kernels = Array.from({ length: PLACES ** 2 }, (_, i) =>
    kernel(radius, reach, ((i % PLACES) + 0.5) / PLACES, (Math.floor(i / PLACES) + 0.5) / PLACES, opacity),
  )
  for (let i = 0; i < centres.length; i += 2) {
    const [x, y] = [centres[i]! - left, centres[i + 1]! - top]
    const [column, row] = [Math.floor(x), Math.floor(y)]
    if (!(column >= -reach && column < width + reach && row >= -reach && row < height + reach)) continue
    const place = Math.floor(PLACES * (x - column)) + PLACES * Math.floor(PLACES * (y - row))
    const shares = kernels[place]!
    for (let v = 0; v < side; v++) {
      const to = row - reach + v
      if (to < 0 || to >= height) continue
      for (let u = 0; u < side; u++) {
        const at = column - reach + u
        if (at >= 0 && at < width) clear[to * width + at]! *= shares[v * side + u]!
      }
    }
  }
  const pixels = new Uint8ClampedArray(4 * width * height)
  for (let i = 0; i < clear.length; i++) if (clear[i]! < 1) pixels[4 * i + 3] = 255 * (1 - clear[i]!)
  return { left, top, width, height, pixels }
}

/** The part of the bounds that the discs reach. */
function boxOf(
  centres: Polyline,
  reach: number,
  bounds: { readonly width: number; readonly height: number },
) {
  let [left, top, right, bottom] = [bounds.width, bounds.height, 0, 0]
  for (let i = 0; i < centres.length; i += 2) {
    const [x, y] = [centres[i]!, centres[i + 1]!]
    if (!(Number.isFinite(x) && Number.isFinite(y))) continue
    left = Math.min(left, x - reach)
    right = Math.max(right, x + reach + 1)
    top = Math.min(top, y - reach)
    bottom = Math.max(bottom, y + reach + 1)
  }
  const [x0, y0] = [Math.max(Math.floor(left), 0), Math.max(Math.floor(top), 0)]
  const [x1, y1] = [Math.min(Math.ceil(right), bounds.width), Math.min(Math.ceil(bottom), bounds.height)]
  return { left: x0, top: y0, width: Math.max(x1 - x0, 0), height: Math.max(y1 - y0, 0) }
}

/** What a disc leaves clear of each pixel around it, its middle at (x, y) of the middle pixel. */
function kernel(radius: number, reach: number, x: number, y: number, opacity: number): Float32Array {
  const side = 2 * reach + 1
  return Float32Array.from({ length: side ** 2 }, (_, i) => {
    const [u, v] = [(i % side) - reach + 0.5 - x, Math.floor(i / side) - reach + 0.5 - y]
    const covered = Math.min(Math.max(radius + 0.5 - Math.hypot(u, v), 0), 1)
    return 1 - opacity * covered * Math.min(1, (2 * radius) ** 2)
  })
}

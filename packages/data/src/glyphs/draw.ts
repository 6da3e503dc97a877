import { type Key, uniformValues } from '@sgm/tensor'
import { paint } from './colour'
import type { Stroke } from './shapes'

/** Segments that a curve between two points of a stroke is cut into. */
const PIECES = 5

/** More numbers than any glyph asks for. */
const DRAWS = 128

/**
 * Draws one glyph into `image`, `[size, size, channels]`.
 *
 * Everything is +, −, ×, ÷ and √ on numbers drawn by the key, so that the bytes are the same wherever JavaScript runs.
 */
export function drawGlyph(
  key: Key,
  ways: readonly (readonly Stroke[])[],
  size: number,
  channels: 1 | 3,
  image: Uint8Array,
): void {
  const values = uniformValues(key, DRAWS)
  let drawn = 0
  const between = (low: number, high: number) => low + (high - low) * values[drawn++]!
  const around = (width: number) => width * (values[drawn++]! + values[drawn++]! - 1)

  const way = ways[Math.min(ways.length - 1, Math.floor(between(0, ways.length)))]!
  const radius = size * between(0.03, 0.062)
  const pressure = around(0.3)
  const colours = Array.from({ length: 8 }, () => between(0, 1))
  const place = placing(between, around)
  const curves = way.map((stroke) =>
    curve(stroke.map(([x, y]) => place(x + around(0.035), y + around(0.035)))),
  )
  fit(curves, size, radius, between(0.66, 0.8), [around(0.03), around(0.03)])

  const ink = new Float32Array(size * size)
  for (const points of curves) {
    const last = points.length - 1
    const width = (i: number) => radius * (1 + pressure * (i / last - 0.5))
    for (let i = 0; i < last; i++) segment(ink, size, points[i]!, points[i + 1]!, width(i + 0.5))
  }
  paint(ink, image, channels, colours)
}

type Point = readonly [x: number, y: number]

/** A random map of the plane near the identity: slant, turn, narrowness, and a bend of second order. */
function placing(
  between: (low: number, high: number) => number,
  around: (width: number) => number,
): (x: number, y: number) => Point {
  const half = around(0.14)
  const cos = (1 - half * half) / (1 + half * half)
  const sin = (2 * half) / (1 + half * half)
  const slant = between(-0.15, 0.4)
  const narrow = between(0.75, 1.2)
  const bend = Array.from({ length: 6 }, () => around(0.22))
  return (x, y) => {
    const [u, v] = [x - 0.33, y - 0.5]
    const bentX = u + bend[0]! * u * u + bend[1]! * u * v + bend[2]! * v * v
    const bentY = v + bend[3]! * u * u + bend[4]! * u * v + bend[5]! * v * v
    const leaning = narrow * bentX - slant * bentY
    return [cos * leaning - sin * bentY, sin * leaning + cos * bentY]
  }
}

/** A smooth curve through the points: Catmull and Rom's, with doubled ends. */
function curve(points: readonly Point[]): Point[] {
  const at = (i: number) => points[Math.min(Math.max(i, 0), points.length - 1)]!
  const smooth: Point[] = [at(0)]
  for (let i = 0; i + 1 < points.length; i++) {
    const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    for (let j = 1; j <= PIECES; j++) {
      const t = j / PIECES
      smooth.push([cubic(p[0], q[0], r[0], s[0], t), cubic(p[1], q[1], r[1], s[1], t)])
    }
  }
  return smooth
}

function cubic(p: number, q: number, r: number, s: number, t: number): number {
  return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)))
}

/** Scales the curves to `share` of the image and puts them, `shift` aside, in its middle; all ink stays inside. */
function fit(curves: Point[][], size: number, radius: number, share: number, shift: Point): void {
  let [left, top, right, bottom] = [1, 1, -1, -1].map((sign) => sign * Number.POSITIVE_INFINITY) as [
    number,
    number,
    number,
    number,
  ]
  for (const [x, y] of curves.flat()) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  const scale = (share * size - 2 * radius) / Math.max(bottom - top, right - left)
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2]
  for (const points of curves) {
    points.forEach(([x, y], i) => {
      points[i] = [
        size * (0.5 + shift[0]) + scale * (x - middleX),
        size * (0.5 + shift[1]) + scale * (y - middleY),
      ]
    })
  }
}

/** Inks the pixels within `radius` of the segment: full inside, falling linearly to none over the width of a pixel. */
function segment(ink: Float32Array, size: number, [x0, y0]: Point, [x1, y1]: Point, radius: number): void {
  const reach = radius + 0.5
  const [dx, dy] = [x1 - x0, y1 - y0]
  const squared = dx * dx + dy * dy || 1
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach))
  const right = Math.min(size - 1, Math.floor(Math.max(x0, x1) + reach))
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach))
  const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y1) + reach))
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [x, y] = [column + 0.5 - x0, row + 0.5 - y0]
      const along = Math.min(1, Math.max(0, (x * dx + y * dy) / squared))
      const [ex, ey] = [x - along * dx, y - along * dy]
      const coverage = reach - Math.sqrt(ex * ex + ey * ey)
      const at = row * size + column
      if (coverage > ink[at]!) ink[at] = Math.min(1, coverage)
    }
  }
}

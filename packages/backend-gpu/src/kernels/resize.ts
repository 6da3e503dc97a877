import type { Value } from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import type { Writer } from '../wgsl/writer'
import type { Reader } from './rule'

/** How places of a resized image lie on the original. */
export interface Resizing {
  readonly alignCorners: boolean
  readonly halfPixelCenters?: boolean
}

/** One axis: its length before and after. */
interface Axis extends Resizing {
  readonly from: number
  readonly to: number
}

const axesOf = (
  resizing: Resizing,
  from: readonly number[],
  to: readonly number[],
): readonly [Axis, Axis] => [
  { ...resizing, from: from[1]!, to: to[1]! },
  { ...resizing, from: from[2]!, to: to[2]! },
]

/** The place that is nearest to the i-th of the resized axis, in whole numbers, which do not round. */
function nearest(w: Writer, { from, to, alignCorners, halfPixelCenters }: Axis, i: string): string {
  if (alignCorners && to > 1) {
    return w.let('u32', `(2u * ${i} * ${w.size(from - 1)} + ${w.size(to - 1)}) / ${w.size(2 * (to - 1))}`)
  }
  if (halfPixelCenters) return w.let('u32', `(2u * ${i} + 1u) * ${w.size(from)} / ${w.size(2 * to)}`)
  return w.let('u32', `${i} * ${w.size(from)} / ${w.size(to)}`)
}

/** The two places between which the i-th of the resized axis lies, and the second one's share. */
function between(w: Writer, { from, to, alignCorners, halfPixelCenters }: Axis, i: string) {
  const scale = w.float(alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to)
  const half = halfPixelCenters && !(alignCorners && to > 1)
  const at = w.let('f32', half ? `${scale} * (f32(${i}) + 0.5) - 0.5` : `${scale} * f32(${i})`)
  const low = w.let('f32', `floor(${at})`)
  const inside = (place: string): string =>
    w.let('u32', `u32(clamp(${place}, 0.0, f32(${w.size(from - 1)})))`)
  return { low: inside(low), high: inside(`${low} + 1.0`), share: w.let('f32', `${at} - ${low}`) }
}

/** An element of images resized to the nearest place. */
export function resizedNearest(
  { w, read }: Reader,
  images: Value,
  output: Value,
  resizing: Resizing,
  at: Place,
): string {
  const [b, y, x, c] = at.coordinates(w) as [string, string, string, string]
  const [rows, columns] = axesOf(resizing, images.shape, output.shape)
  return read(images, Place.at(images.shape, [b, nearest(w, rows, y), nearest(w, columns, x), c]))
}

/** An element of images resized by linear interpolation along both axes. */
export function resizedBilinear(
  { w, read }: Reader,
  images: Value,
  output: Value,
  resizing: Resizing,
  at: Place,
): string {
  const [b, y, x, c] = at.coordinates(w) as [string, string, string, string]
  const [rows, columns] = axesOf(resizing, images.shape, output.shape)
  const [row, column] = [between(w, rows, y), between(w, columns, x)]
  const element = (i: string, j: string): string => read(images, Place.at(images.shape, [b, i, j, c]))
  const mixed = (i: string): string =>
    w.let('f32', `mix(${element(i, column.low)}, ${element(i, column.high)}, ${column.share})`)
  return w.let('f32', `mix(${mixed(row.low)}, ${mixed(row.high)}, ${row.share})`)
}

/** How much the i-th place of the resized axis has of one place of the original. */
type Share = (w: Writer, axis: Axis, i: string, place: string) => string

const shareOfNearest: Share = (w, axis, i, place) =>
  w.let('f32', `select(0.0, 1.0, ${nearest(w, axis, i)} == ${place})`)

const shareOfBilinear: Share = (w, axis, i, place) => {
  const { low, high, share } = between(w, axis, i)
  return w.let(
    'f32',
    `select(0.0, 1.0 - ${share}, ${low} == ${place}) + select(0.0, ${share}, ${high} == ${place})`,
  )
}

/** An element of a resize's gradient: all places of the resized image that have a share of it, weighed by their shares. */
const gradient =
  (share: Share) =>
  ({ w, read }: Reader, dy: Value, images: Value, resizing: Resizing, at: Place): string => {
    const [b, y, x, c] = at.coordinates(w) as [string, string, string, string]
    const [rows, columns] = axesOf(resizing, images.shape, dy.shape)
    const total = w.variable('f32', '0.0')
    around(w, rows, y, (i) => {
      const ofRow = share(w, rows, i, y)
      around(w, columns, x, (j) => {
        const element = read(dy, Place.at(dy.shape, [b, i, j, c]))
        w.line(`${total} += ${ofRow} * ${share(w, columns, j, x)} * ${element};`)
      })
    })
    return total
  }

export const nearestGradient = gradient(shareOfNearest)
export const bilinearGradient = gradient(shareOfBilinear)

/** A loop over the places of the resized axis that may lie next to a place of the original, whatever is aligned. */
function around(w: Writer, { from, to }: Axis, place: string, write: (i: string) => void): void {
  const at = (steps: string): string => `i32(floor((f32(${place}) ${steps}) * ${w.float(to / from)}))`
  const first = w.let('u32', `u32(max(${at('- 1.0')} - 1, 0))`)
  const end = w.let('u32', `u32(min(${at('+ 2.0')} + 3, i32(${w.size(to)})))`)
  w.loop(w.let('u32', `${end} - ${first}`), (k) => write(w.let('u32', `${first} + ${k}`)))
}

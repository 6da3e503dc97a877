import { type Alignment, bilinear, type Interpolation, nearest, type Value } from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import type { Writer } from '../wgsl/writer'
import type { Reader } from './rule'

/** One axis: its length before and after. */
interface Axis extends Alignment {
  readonly from: number
  readonly to: number
}

const axesOf = (
  alignment: Alignment,
  from: readonly number[],
  to: readonly number[],
): readonly [Axis, Axis] => [
  { ...alignment, from: from[1]!, to: to[1]! },
  { ...alignment, from: from[2]!, to: to[2]! },
]

/** Where the i-th of the resized axis lies on the original: at `place` of `per` parts of a pixel, in whole numbers, which do not round. */
function lying(w: Writer, { line }: Interpolation, { from, to, ...alignment }: Axis, i: string) {
  const { step, start, per } = line(from, to, alignment)
  const moved = `i32(${i} * ${w.size(step)}) + ${w.scalar('i32', start)}`
  const place = w.let('u32', `u32(clamp(${moved}, 0, i32(${w.size((from - 1) * per)})))`)
  return { place, per: w.size(per) }
}

/** The place that is nearest to the i-th of the resized axis. */
function nearestPlace(w: Writer, axis: Axis, i: string): string {
  const { place, per } = lying(w, nearest, axis, i)
  return w.let('u32', `${place} / ${per}`)
}

/** The two places between which the i-th of the resized axis lies, and the second one's share. */
function between(w: Writer, axis: Axis, i: string) {
  const { place, per } = lying(w, bilinear, axis, i)
  const low = w.let('u32', `${place} / ${per}`)
  const high = w.let('u32', `min(${low} + 1u, ${w.size(axis.from - 1)})`)
  return { low, high, share: w.let('f32', `f32(${place} - ${low} * ${per}) / f32(${per})`) }
}

/** An element of images resized to the nearest place. */
export function resizedNearest(
  { w, read }: Reader,
  images: Value,
  output: Value,
  alignment: Alignment,
  at: Place,
): string {
  const [b, y, x, c] = at.coordinates(w) as [string, string, string, string]
  const [rows, columns] = axesOf(alignment, images.shape, output.shape)
  return read(images, Place.at(images.shape, [b, nearestPlace(w, rows, y), nearestPlace(w, columns, x), c]))
}

/** An element of images resized by linear interpolation along both axes. */
export function resizedBilinear(
  { w, read }: Reader,
  images: Value,
  output: Value,
  alignment: Alignment,
  at: Place,
): string {
  const [b, y, x, c] = at.coordinates(w) as [string, string, string, string]
  const [rows, columns] = axesOf(alignment, images.shape, output.shape)
  const [row, column] = [between(w, rows, y), between(w, columns, x)]
  const element = (i: string, j: string): string => read(images, Place.at(images.shape, [b, i, j, c]))
  const along = (i: string): string => mixed(w, element(i, column.low), element(i, column.high), column.share)
  return mixed(w, along(row.low), along(row.high), row.share)
}

/** Pixels without a share stay out: 0 times what is not finite would be NaN. */
const mixed = (w: Writer, low: string, high: string, share: string): string =>
  w.let('f32', `select(${low} * (1.0 - ${share}) + ${high} * ${share}, ${low}, ${share} == 0.0)`)

/** How much the i-th place of the resized axis has of one place of the original. */
type Share = (w: Writer, axis: Axis, i: string, place: string) => string

const shareOfNearest: Share = (w, axis, i, place) =>
  w.let('f32', `select(0.0, 1.0, ${nearestPlace(w, axis, i)} == ${place})`)

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
  ({ w, read }: Reader, dy: Value, images: Value, alignment: Alignment, at: Place): string => {
    const [b, y, x, c] = at.coordinates(w) as [string, string, string, string]
    const [rows, columns] = axesOf(alignment, images.shape, dy.shape)
    const total = w.variable('f32', '0.0')
    around(w, rows, y, (i) => {
      const ofRow = share(w, rows, i, y)
      around(w, columns, x, (j) => {
        const weight = w.let('f32', `${ofRow} * ${share(w, columns, j, x)}`)
        const element = read(dy, Place.at(dy.shape, [b, i, j, c]))
        w.line(`${total} += select(${weight} * ${element}, 0.0, ${weight} == 0.0);`)
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

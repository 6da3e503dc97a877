import { type Geometry, sizeOf } from '@sgm/tensor/compile'
import type { Builder } from '../builder'
import type { Context } from './context'
import type { Size4 } from './geometry'

/** Every stride-th place along an axis, so many of them, from one on that may lie before the first. */
export interface Span {
  readonly from: number
  readonly count: number
  readonly stride: number
}

/** Places of a tensor along an axis, zeros where there are none. */
export function span(
  builder: Builder,
  x: string,
  shape: readonly number[],
  axis: number,
  { from, count, stride }: Span,
): string {
  const size = shape[axis]!
  const end = from + stride * (count - 1) + 1
  const reshaped = (one: string, to: readonly number[]): string => builder.reshape(one, to)
  // Places along the axis in one piece with all that lies behind it: to ONNX Runtime, that is half of the work.
  const [lead, trail] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))]
  const padded = (before: number, after: number): string => {
    if (before === 0 && after === 0) return x
    const pads = builder.ints([0, before * trail, 0, after * trail])
    const flat = builder.op('Pad', [reshaped(x, [lead, size * trail]), pads])
    return reshaped(flat, shape.with(axis, size + before + after))
  }
  // A pad below 0 takes places away.
  if (stride === 1 && from < size && end > 0) return padded(-from, end - size)
  const before = Math.max(0, -from)
  const around = padded(before, Math.max(0, end - size))
  const bounds = [from + before, end + before, axis, stride].map((n) => builder.ints([n]))
  return builder.op('Slice', [around, ...bounds])
}

/** The places of images, along an axis of the filter, that a tap meets: one for each place of the result. */
export const metBy = ({ strides, dilations, pads, output }: Geometry, axis: 0 | 1, tap: number): Span => ({
  from: tap * dilations[axis] - pads[axis],
  count: output[axis],
  stride: strides[axis],
})

/** Images `[B, …]` for each tap of the filter: what the tap meets at every output place. */
export function windows(
  { builder }: Context,
  image: string,
  shape: Size4,
  geometry: Geometry,
  axes: readonly [number, number],
): string[] {
  const { kernel, output } = geometry
  const cut = shape.with(axes[0], output[0])
  const rows = Array.from({ length: kernel[0] }, (_, i) =>
    span(builder, image, shape, axes[0], metBy(geometry, 0, i)),
  )
  return rows.flatMap((row) =>
    Array.from({ length: kernel[1] }, (_, j) => span(builder, row, cut, axes[1], metBy(geometry, 1, j))),
  )
}

import type { Geometry } from '@sgm/tensor/compile'
import type { Context } from './context'

/** The axes of an image's height and width. */
type Axes = readonly [number, number]

/** An image `[B, …]` with zeros around it, or (below 0) without its edges. */
function padded({ builder }: Context, image: string, pads: readonly number[], axes: Axes): string {
  if (pads.every((n) => n === 0)) return image
  const around = Array<number>(8).fill(0)
  axes.forEach((axis, i) => {
    around[axis] = pads[i]!
    around[axis + 4] = pads[i + 2]!
  })
  return builder.op('Pad', [image, builder.ints(around)])
}

/** Every stride-th place of an image with its zeros around it from `start` on, `count` of them. */
export function window(
  context: Context,
  image: string,
  axes: Axes,
  { strides, pads, input }: Geometry,
  start: readonly [number, number],
  count: readonly [number, number],
): string {
  const { builder } = context
  const offset = start.map((from, i) => from - pads[i]!)
  const end = offset.map((from, i) => from + count[i]! - input[i]!)
  const meets = offset.every((from, i) => from < input[i]! && from + count[i]! > 0)
  if (meets && strides.every((n) => n === 1)) {
    const before = offset.map((n) => (n === 0 ? 0 : -n))
    return padded(context, image, [...before, ...end], axes)
  }
  const around = context.once(`${image} ${axes} ${pads}`, () => padded(context, image, pads, axes))
  const stop = start.map((from, i) => from + strides[i]! * (count[i]! - 1) + 1)
  return builder.op('Slice', [around, ...[start, stop, axes, strides].map((list) => builder.ints(list))])
}

/** Input windows, one for each tap of the filter: what the tap meets at every output place. */
export function windows(context: Context, image: string, shape: Geometry, axes: Axes): string[] {
  return grid(shape.kernel).map(([i, j]) => {
    const start = [i * shape.dilations[0], j * shape.dilations[1]] as const
    return window(context, image, axes, shape, start, shape.output)
  })
}

/** The pairs (i, j) of a grid, row by row. */
function grid([rows, columns]: readonly [number, number]): [number, number][] {
  return Array.from({ length: rows * columns }, (_, k) => [Math.floor(k / columns), k % columns])
}

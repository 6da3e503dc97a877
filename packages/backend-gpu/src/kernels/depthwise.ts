import { convGeometry, type Node, type Value } from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import { inputIndex, outputIndex } from './products'
import type { Reader } from './rule'

/** An element of a depthwise convolution: filter m of channel c makes channel c · multiplier + m of the result. */
export function depthwise(
  { w, read }: Reader,
  { inputs: { x, filter }, attributes }: Node<'DepthwiseConv2dNative'>,
  at: Place,
): string {
  const geometry = convGeometry(attributes, x.shape, filter.shape, true)
  const multiplier = w.size(filter.shape[3]!)
  const [b, y, c, channel] = at.coordinates(w) as [string, string, string, string]
  const total = w.variable('f32', '0.0')
  w.loop(w.size(geometry.kernel[0]), (i) =>
    w.loop(w.size(geometry.kernel[1]), (j) => {
      const [row, column] = [inputIndex(w, geometry, 0, y, i), inputIndex(w, geometry, 1, c, j)]
      const from = w.let('u32', `${channel} / ${multiplier}`)
      const element = read(x, Place.at(x.shape, [b, row.index, column.index, from]))
      const weight = read(
        filter,
        Place.at(filter.shape, [i, j, from, w.let('u32', `${channel} % ${multiplier}`)]),
      )
      // Padding takes part as zeros do, which times a weight that is not finite are NaN.
      w.line(`${total} += select(0.0, ${element}, ${row.inside} && ${column.inside}) * ${weight};`)
    }),
  )
  return total
}

/** An element of its gradient by the input. */
export function depthwiseInput(
  { w, read }: Reader,
  { inputs: { dy, filter }, attributes }: Node<'DepthwiseConv2dNativeBackpropInput'>,
  at: Place,
): string {
  const geometry = convGeometry(attributes, attributes.inputShape, filter.shape, true)
  const multiplier = w.size(filter.shape[3]!)
  const [b, y, x, channel] = at.coordinates(w) as [string, string, string, string]
  const total = w.variable('f32', '0.0')
  w.loop(w.size(geometry.kernel[0]), (i) =>
    w.loop(w.size(geometry.kernel[1]), (j) => {
      const [row, column] = [outputIndex(w, geometry, 0, y, i), outputIndex(w, geometry, 1, x, j)]
      w.loop(multiplier, (m) => {
        const to = w.let('u32', `${channel} * ${multiplier} + ${m}`)
        const element = read(dy, Place.at(dy.shape, [b, row.index, column.index, to]))
        const weight = read(filter, Place.at(filter.shape, [i, j, channel, m]))
        w.line(`${total} += select(0.0, ${element} * ${weight}, ${row.inside} && ${column.inside});`)
      })
    }),
  )
  return total
}

/** What each place of the result adds to the gradient by the filter: an element of `[B · H · W, h, w, C, M]`. */
export function depthwiseFilterTerm(
  { w, read }: Reader,
  { inputs: { x, dy }, attributes }: Node<'DepthwiseConv2dNativeBackpropFilter'>,
  at: Place,
): string {
  const geometry = convGeometry(attributes, x.shape, attributes.filterShape, true)
  const [place, i, j, channel, m] = at.coordinates(w) as [string, string, string, string, string]
  const [b, y, c] = Place.flat(dy.shape.slice(0, 3), place).coordinates(w) as [string, string, string]
  const [row, column] = [inputIndex(w, geometry, 0, y, i), inputIndex(w, geometry, 1, c, j)]
  const element = read(x, Place.at(x.shape, [b, row.index, column.index, channel]))
  const to = w.let('u32', `${channel} * ${w.size(attributes.filterShape[3])} + ${m}`)
  const slope = read(dy, Place.at(dy.shape, [b, y, c, to]))
  return w.let('f32', `select(0.0, ${element} * ${slope}, ${row.inside} && ${column.inside})`)
}

/** The shape of all those terms. */
export function depthwiseTermsShape(dy: Value, filterShape: readonly number[]): readonly number[] {
  const [batch, height, width] = dy.shape as [number, number, number]
  return [batch * height * width, ...filterShape]
}

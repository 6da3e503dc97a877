import {
  type Alignment,
  bilinear,
  type Interpolation,
  type Node,
  nearest,
  nearestOf,
  sourcesOf,
} from '@sgm/tensor/compile'
import type { Context, Rule } from './context'
import { CHANNELS_FIRST } from './geometry'

/** How an axis of `from` places becomes one of `to` places. */
interface Axis extends Alignment {
  readonly from: number
  readonly to: number
}

/** A place and its weight. */
type Source = readonly [place: number, weight: number]

/** What lies on a place is the mean of that with itself: 0 times a neighbour that is not finite were no number. */
const pairOf = (first: Source, second?: Source): readonly [Source, Source] =>
  second ? [first, second] : [[first[0], 0.5], [first[0], 0.5]] // biome-ignore format: pairs

const HEIGHT = 1
const WIDTH = 2

function axesOf({ attributes, inputs, outputs }: Node<'ResizeNearestNeighbor' | 'ResizeBilinear'>) {
  const { alignCorners, halfPixelCenters = false } = attributes
  return [HEIGHT, WIDTH].map((along) => ({
    along,
    from: inputs.images.shape[along]!,
    to: outputs[0]!.shape[along]!,
    alignCorners,
    halfPixelCenters,
  }))
}

/** Places of an image along its stored axis `at`. */
function picked({ builder }: Context, image: string, at: number, places: readonly number[]): string {
  return builder.op('Gather', [image, builder.ints(places)], { axis: at })
}

/** Whole multiples are what ONNX Runtime's Resize does fast and exactly; at other ratios it rounds. */
const isMultiple = ({ from, to, alignCorners, halfPixelCenters }: Axis): boolean =>
  to % from === 0 && !alignCorners && !halfPixelCenters

const resizeNearest: Rule<'ResizeNearestNeighbor'> = (context, node) => {
  const { builder } = context
  const { images } = node.inputs
  const axes = axesOf(node)
  if (axes.every(isMultiple)) {
    const scales = Float32Array.of(1, 1, ...axes.map(({ from, to }) => to / from))
    const inputs = [context.as(images, CHANNELS_FIRST), '', builder.constant(scales, [4], 'float32')]
    const attributes = {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    }
    context.emit(node, 'Resize', inputs, attributes, CHANNELS_FIRST)
    return
  }
  const { name, order } = context.placed(images)
  const result = axes.reduce((image, axis) => {
    const places = nearestOf(axis.from, axis.to, axis)
    return picked(context, image, order.indexOf(axis.along), places)
  }, name)
  context.place(node.outputs[0]!, result, order)
}

/** Between the two places on one axis, and then on the other; a product with all places would take in those of weight 0. */
const resizeBilinear: Rule<'ResizeBilinear'> = (context, node) => {
  const { builder } = context
  const { name, order } = context.placed(node.inputs.images)
  const result = axesOf(node).reduce((image, axis) => {
    const at = order.indexOf(axis.along)
    const pairs = sourcesOf(bilinear, axis.from, axis.to, axis).map(([first, second]) =>
      pairOf(first!, second),
    )
    const part = (end: 0 | 1): string => {
      const shape = order.map((_, i) => (i === at ? axis.to : 1))
      const weights = Float32Array.from(pairs, (pair) => pair[end][1])
      const places = pairs.map((pair) => pair[end][0])
      return builder.op('Mul', [
        picked(context, image, at, places),
        builder.constant(weights, shape, 'float32'),
      ])
    }
    return builder.op('Add', [part(0), part(1)])
  }, name)
  context.place(node.outputs[0]!, result, order)
}

/** Resizing is linear along each axis: its adjoint are matrices from both sides of each channel. */
const resizeGradient =
  (interpolation: Interpolation): Rule<'ResizeNearestNeighborGrad' | 'ResizeBilinearGrad'> =>
  (context, node) => {
    const { builder } = context
    const { dy, images } = node.inputs
    const { alignCorners } = node.attributes
    const weights = (along: number, isLeft: boolean): string => {
      const [from, to] = [images.shape[along]!, dy.shape[along]!]
      const data = new Float32Array(from * to)
      for (const [i, all] of sourcesOf(interpolation, from, to, { alignCorners }).entries())
        for (const [source, weight] of all) data[isLeft ? source * to + i : i * from + source]! += weight
      return builder.constant(data, isLeft ? [from, to] : [to, from], 'float32')
    }
    const columns = builder.op('MatMul', [context.as(dy, CHANNELS_FIRST), weights(WIDTH, false)])
    context.emit(node, 'MatMul', [weights(HEIGHT, true), columns], {}, CHANNELS_FIRST)
  }

/** Resizing. */
export const resizing = {
  ResizeBilinear: resizeBilinear,
  ResizeBilinearGrad: resizeGradient(bilinear),
  ResizeNearestNeighbor: resizeNearest,
  ResizeNearestNeighborGrad: resizeGradient(nearest),
}

import type { Node } from '@sgm/tensor/compile'
import type { Context, Rule } from './context'
import { CHANNELS_FIRST } from './geometry'

/** How an axis of `from` places becomes one of `to` places. */
interface Axis {
  readonly from: number
  readonly to: number
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
}

/** The two places between which an output place lies, and how far from the first to the second. */
interface Between {
  readonly low: number
  readonly high: number
  readonly fraction: number
}

type Interpolation = (axis: Axis) => readonly Between[]

const HEIGHT = 1
const WIDTH = 2

/** What lies on a place is the mean of that with itself: 0 times a neighbour that is not finite were no number. */
const on = (place: number): Between => ({ low: place, high: place, fraction: 0.5 })

/** Where output place i lies, as a fraction of whole numbers: rounding moves no place. */
function placeOf(
  i: number,
  { from, to, alignCorners, halfPixelCenters }: Axis,
): [over: number, under: number] {
  if (alignCorners && to > 1) return [i * (from - 1), to - 1]
  return halfPixelCenters ? [(2 * i + 1) * from, 2 * to] : [i * from, to]
}

const nearest: Interpolation = (axis) =>
  Array.from({ length: axis.to }, (_, i) => {
    const [over, under] = placeOf(i, axis)
    const place = axis.alignCorners ? Math.floor((2 * over + under) / (2 * under)) : Math.floor(over / under)
    return on(Math.min(place, axis.from - 1))
  })

const bilinear: Interpolation = (axis) =>
  Array.from({ length: axis.to }, (_, i) => {
    const [over, under] = placeOf(i, axis)
    const half = axis.halfPixelCenters && !axis.alignCorners ? 0.5 : 0
    const place = Math.min(Math.max(over / under - half, 0), axis.from - 1)
    const low = Math.floor(place)
    return low === place ? on(low) : { low, high: low + 1, fraction: place - low }
  })

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
    const places = nearest(axis).map(({ low }) => low)
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
    const places = bilinear(axis)
    const part = (which: readonly number[], weights: readonly number[]): string => {
      const shape = order.map((_, i) => (i === at ? axis.to : 1))
      const factor = builder.constant(Float32Array.from(weights), shape, 'float32')
      return builder.op('Mul', [picked(context, image, at, which), factor])
    }
    const [low, high] = [places.map((one) => one.low), places.map((one) => one.high)]
    const fractions = places.map(({ fraction }) => fraction)
    return builder.op('Add', [part(low, fractions.map((f) => 1 - f)), part(high, fractions)]) // biome-ignore format: a sum
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
      const places = interpolation({ from, to, alignCorners, halfPixelCenters: false })
      const data = new Float32Array(from * to)
      const at = (source: number, i: number): number => (isLeft ? source * to + i : i * from + source)
      for (const [i, { low, high, fraction }] of places.entries()) {
        data[at(low, i)]! += 1 - fraction
        data[at(high, i)]! += fraction
      }
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

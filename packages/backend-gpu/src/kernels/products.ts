import { convGeometry, type Geometry, type Node, sizeOf, type Value } from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import type { Writer } from '../wgsl/writer'
import type { Product, Reader } from './rule'

/** A matrix product, or a batch of them. */
export function matMul({ inputs: { a, b }, outputs, attributes }: Node<'BatchMatMul'>): Product {
  const [output] = outputs as readonly [Value]
  const [rows, columns] = output.shape.slice(-2) as [number, number]
  const transposeA = Boolean(attributes.transposeA)
  const transposeB = Boolean(attributes.transposeB)
  const outer = output.shape.slice(0, -2)
  const element = ({ w, read }: Reader, x: Value, z: string, i: string, j: string): string => {
    const batch = Place.flat(outer, z).narrowed(w, x.shape.slice(0, -2))
    return read(x, Place.at(x.shape, [...batch.coordinates(w), i, j]))
  }
  return {
    batch: sizeOf(outer),
    rows,
    columns,
    inner: a.shape.at(transposeA ? -2 : -1)!,
    leftByRows: transposeA,
    rightByInner: transposeB,
    left: (reader, z, m, k) => (transposeA ? element(reader, a, z, k, m) : element(reader, a, z, m, k)),
    right: (reader, z, k, n) => (transposeB ? element(reader, b, z, n, k) : element(reader, b, z, k, n)),
  }
}

/** A convolution: rows are the places of the result, the inner axis runs over the taps and the channels. */
export function conv2d({ inputs: { x, filter }, attributes }: Node<'Conv2D'>): Product {
  const geometry = convGeometry(attributes, x.shape, filter.shape)
  const [taps, filters] = [filter.shape.slice(0, 3), filter.shape[3]!]
  return {
    batch: 1,
    rows: sizeOf(geometry.shape.slice(0, 3)),
    columns: filters,
    inner: sizeOf(taps),
    leftByRows: false,
    rightByInner: false,
    left: (reader, _z, m, k) => met(reader, x, geometry, m, Place.flat(taps, k)),
    right: ({ w, read }, _z, k, n) => read(filter, matrix(w, filter.shape, k, n)),
  }
}

/** The gradient of a convolution by its filter: rows are taps and channels, the inner axis runs over the places of the result. */
export function conv2dFilter({ inputs: { x, dy }, attributes }: Node<'Conv2DBackpropFilter'>): Product {
  const { filterShape } = attributes
  const geometry = convGeometry(attributes, x.shape, filterShape)
  const taps = filterShape.slice(0, 3)
  return {
    batch: 1,
    rows: sizeOf(taps),
    columns: filterShape[3],
    inner: sizeOf(dy.shape.slice(0, 3)),
    leftByRows: true,
    rightByInner: false,
    left: (reader, _z, m, k) => met(reader, x, geometry, k, Place.flat(taps, m)),
    right: ({ w, read }, _z, k, n) => read(dy, matrix(w, dy.shape, k, n)),
  }
}

/** The gradient of a convolution by its input: rows are the input's places, the inner axis runs over taps and filters. */
export function conv2dInput({ inputs: { dy, filter }, attributes }: Node<'Conv2DBackpropInput'>): Product {
  const { inputShape } = attributes
  const geometry = convGeometry(attributes, inputShape, filter.shape)
  const [h, w, channels, filters] = filter.shape as [number, number, number, number]
  const taps = [h, w, filters]
  return {
    batch: 1,
    rows: sizeOf(inputShape.slice(0, 3)),
    columns: channels,
    inner: sizeOf(taps),
    leftByRows: false,
    rightByInner: true,
    left: (reader, _z, m, k) => reached(reader, dy, geometry, m, Place.flat(taps, k)),
    right({ w, read }, _z, k, n) {
      const [i, j, o] = Place.flat(taps, k).coordinates(w) as [string, string, string]
      return read(filter, Place.at(filter.shape, [i, j, n, o]))
    },
  }
}

/** Element (i, j) of a value as a matrix of its last axis. */
function matrix(w: Writer, shape: readonly number[], i: string, j: string): Place {
  return Place.at([sizeOf(shape.slice(0, -1)), shape.at(-1)!], [i, j]).reshaped(w, shape)
}

/** What a tap meets in the images x at a place of the result; 0 outside of them. */
function met({ w, read }: Reader, x: Value, geometry: Geometry, place: string, tap: Place): string {
  const [b, y0, x0] = Place.flat(geometry.shape.slice(0, 3), place).coordinates(w) as [string, string, string]
  const [i, j, channel] = tap.coordinates(w) as [string, string, string]
  const rows = inputIndex(w, geometry, 0, y0, i)
  const columns = inputIndex(w, geometry, 1, x0, j)
  const element = read(x, Place.at(x.shape, [b, rows.index, columns.index, channel]))
  return w.let('f32', `select(0.0, ${element}, ${rows.inside} && ${columns.inside})`)
}

/** What the gradient dy has where a tap met an input place; 0 where it met none. */
function reached({ w, read }: Reader, dy: Value, geometry: Geometry, place: string, tap: Place): string {
  const images = [dy.shape[0]!, ...geometry.input]
  const [b, y0, x0] = Place.flat(images, place).coordinates(w) as [string, string, string]
  const [i, j, filter] = tap.coordinates(w) as [string, string, string]
  const rows = outputIndex(w, geometry, 0, y0, i)
  const columns = outputIndex(w, geometry, 1, x0, j)
  const element = read(dy, Place.at(dy.shape, [b, rows.index, columns.index, filter]))
  return w.let('f32', `select(0.0, ${element}, ${rows.inside} && ${columns.inside})`)
}

/** An index along an image's axis, made to lie inside, and whether it did. */
export interface Along {
  readonly index: string
  readonly inside: string
}

/** Where a tap meets the input at a place of the output: out · stride + tap · dilation − padding. */
export function inputIndex(
  w: Writer,
  { strides, dilations, pads, input }: Geometry,
  axis: 0 | 1,
  out: string,
  tap: string,
): Along {
  const met = w.let(
    'u32',
    `${out} * ${w.size(strides[axis])} + ${tap} * ${w.size(dilations[axis])} - ${w.size(pads[axis])}`,
  )
  // Below 0 it wraps round to a large number.
  return {
    index: w.let('u32', `min(${met}, ${w.size(input[axis] - 1)})`),
    inside: `${met} < ${w.size(input[axis])}`,
  }
}

/** At which place of the output a tap meets a place of the input, if at any. */
export function outputIndex(
  w: Writer,
  { strides, dilations, pads, output }: Geometry,
  axis: 0 | 1,
  place: string,
  tap: string,
): Along {
  const moved = w.let('u32', `${place} + ${w.size(pads[axis])} - ${tap} * ${w.size(dilations[axis])}`)
  const stride = w.size(strides[axis])
  if (strides[axis] === 1) {
    return {
      index: w.let('u32', `min(${moved}, ${w.size(output[axis] - 1)})`),
      inside: `${moved} < ${w.size(output[axis])}`,
    }
  }
  const index = w.let('u32', `min(${moved} / ${stride}, ${w.size(output[axis] - 1)})`)
  const inside = w.let('bool', `${moved} < ${w.size(output[axis])} * ${stride} && ${moved} % ${stride} == 0u`)
  return { index, inside }
}

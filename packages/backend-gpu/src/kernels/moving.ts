import {
  fromFront,
  type Moving,
  type Node,
  operands,
  sizeOf,
  sliceRange,
  stridedRange,
  type Value,
} from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import { wgslType } from '../wgsl/types'
import { sum, type Writer } from '../wgsl/writer'
import type { Reader, Rules } from './rule'

/** Kernels whose elements are elements of their operand x. */
type Picking =
  | 'Slice'
  | 'StridedSlice'
  | 'Transpose'
  | 'Reverse'
  | 'MirrorPad'
  | 'Tile'
  | 'BroadcastTo'
  | 'SplitV'

/** Where each element of a result comes from. */
const from = <K extends Picking>(place: (w: Writer, node: Node<K>, output: Value, at: Place) => Place) =>
  ({
    kind: 'view',
    element: ({ w, read }: Reader, node: Node<K>, output: Value, at: Place): string =>
      read(operands(node)[0]!, place(w, node, output, at)),
  }) as const

/** The element at the same place in row-major order. */
const inOrder = ({ w, read }: Reader, x: Value, at: Place): string => read(x, at.reshaped(w, x.shape))

/** The element of one of several values that lie one after the other along an axis. */
function joined(
  { w, read }: Reader,
  parts: readonly Value[],
  along: string,
  lengthOf: (part: Value) => number,
  placeIn: (part: Value, along: string) => Place,
): string {
  const type = wgslType(parts[0]!.dtype)
  const present = parts.filter((part) => lengthOf(part) > 0)
  let before = 0
  let result = ''
  for (const part of present) {
    const start = w.size(before)
    const inside = before === 0 ? along : w.let('u32', `${along} - ${start}`)
    // Beyond its end, and before its start, a part is read at its end: the value is not taken.
    const clamped =
      present.length === 1 ? inside : w.let('u32', `min(${inside}, ${w.size(lengthOf(part) - 1)})`)
    const element = read(part, placeIn(part, clamped))
    result = result === '' ? element : w.let(type, `select(${result}, ${element}, ${along} >= ${start})`)
    before += lengthOf(part)
  }
  return result
}

/** Kernels that move, repeat and pick values: where they are read, they are places in their operands. */
export const moving: Rules<Moving> = {
  BroadcastTo: from((w, { inputs: { x } }, _output, at) => at.narrowed(w, x.shape)),
  Concat: {
    kind: 'view',
    element(reader, { inputs, attributes }, output, at) {
      const axis = fromFront(attributes.axis, output.shape.length)
      const coordinates = at.coordinates(reader.w)
      return joined(
        reader,
        Object.values(inputs),
        coordinates[axis]!,
        ({ shape }) => shape[axis]!,
        ({ shape }, along) => Place.at(shape, coordinates.with(axis, along)),
      )
    },
  },
  Cumsum: {
    kind: 'direct',
    element({ w, read }, { inputs: { x }, attributes }, { dtype }, at) {
      const { axis, exclusive, reverse } = attributes
      const type = wgslType(dtype)
      const coordinates = at.coordinates(w)
      const along = coordinates[axis]!
      const count = reverse ? `${w.size(x.shape[axis]!)} - ${along}` : `${along} + 1u`
      const total = w.variable(type, `${type}(0)`)
      w.loop(`${count} - ${exclusive ? '1u' : '0u'}`, (k) => {
        const place = reverse ? `${w.size(x.shape[axis]!)} - 1u - ${k}` : k
        w.line(`${total} += ${read(x, Place.at(x.shape, coordinates.with(axis, w.let('u32', place))))};`)
      })
      return total
    },
  },
  ExpandDims: {
    kind: 'view',
    element: (reader, { inputs }, _output, at) => inOrder(reader, inputs.input, at),
  },
  GatherV2: {
    kind: 'view',
    element({ w, read }, { inputs: { x, indices }, attributes: { axis } }, _output, at) {
      const coordinates = at.coordinates(w)
      const end = axis + indices.shape.length
      const index = read(indices, Place.at(indices.shape, coordinates.slice(axis, end)))
      const along = w.let('u32', `min(u32(max(i32(${index}), 0)), ${w.size(x.shape[axis]! - 1)})`)
      return read(x, Place.at(x.shape, [...coordinates.slice(0, axis), along, ...coordinates.slice(end)]))
    },
  },
  MirrorPad: from((w, { inputs: { x }, attributes: { paddings, mode } }, _output, at) => {
    const skip = mode === 'reflect' ? 0 : 1
    const coordinates = at.coordinates(w).map((along, i) => {
      const [before, after] = paddings[i]!
      if (before === 0 && after === 0) return along
      const inside = w.let('i32', `i32(${along}) - i32(${w.size(before)})`)
      const last = w.let('i32', `i32(${w.size(x.shape[i]!)}) - 1`)
      const low = w.let('i32', `select(${inside}, -${inside} - ${skip}, ${inside} < 0)`)
      return w.let('u32', `u32(select(${low}, 2 * ${last} - ${low} + ${skip}, ${low} > ${last}))`)
    })
    return Place.at(x.shape, coordinates)
  }),
  Pack: {
    kind: 'view',
    element(reader, { inputs, attributes }, output, at) {
      const axis = fromFront(attributes.axis, output.shape.length)
      const coordinates = at.coordinates(reader.w)
      return joined(
        reader,
        Object.values(inputs),
        coordinates[axis]!,
        () => 1,
        ({ shape }) => Place.at(shape, coordinates.toSpliced(axis, 1)),
      )
    },
  },
  PadV2: {
    kind: 'view',
    element({ w, read }, { inputs: { x }, attributes: { paddings, constantValue = 0 } }, { dtype }, at) {
      const type = wgslType(dtype)
      if (sizeOf(x.shape) === 0) return w.scalar(type, constantValue)
      const inside: string[] = []
      const coordinates = at.coordinates(w).map((along, i) => {
        const [before, after] = paddings[i]!
        if (before === 0 && after === 0) return along
        const moved = w.let('u32', before === 0 ? along : `${along} - ${w.size(before)}`)
        inside.push(`${moved} < ${w.size(x.shape[i]!)}`)
        return w.let('u32', `min(${moved}, ${w.size(x.shape[i]! - 1)})`)
      })
      const element = read(x, Place.at(x.shape, coordinates))
      if (inside.length === 0) return element
      return w.let(type, `select(${w.scalar(type, constantValue)}, ${element}, ${inside.join(' && ')})`)
    },
  },
  Reshape: { kind: 'view', element: (reader, { inputs }, _output, at) => inOrder(reader, inputs.x, at) },
  Reverse: from((w, { inputs: { x }, attributes }, _output, at) => {
    const axes = [attributes.dims].flat().map((axis) => fromFront(axis, x.shape.length))
    const coordinates = at.coordinates(w)
    return Place.at(
      x.shape,
      coordinates.map((along, i) =>
        axes.includes(i) ? w.let('u32', `${w.size(x.shape[i]! - 1)} - ${along}`) : along,
      ),
    )
  }),
  Slice: from((w, { inputs: { x }, attributes }, _output, at) => {
    const { begin } = sliceRange(attributes, x.shape)
    const coordinates = at.coordinates(w)
    return Place.at(
      x.shape,
      coordinates.map((along, i) => w.let('u32', sum(along, w.size(begin[i]!)))),
    )
  }),
  SplitV: from((w, { inputs: { x }, outputs, attributes }, output, at) => {
    const axis = fromFront(attributes.axis, x.shape.length)
    const earlier = outputs.slice(
      0,
      outputs.findIndex(({ id }) => id === output.id),
    )
    const before = earlier.reduce((total, { shape }) => total + shape[axis]!, 0)
    const coordinates = at.coordinates(w)
    return Place.at(x.shape, coordinates.with(axis, w.let('u32', sum(coordinates[axis]!, w.size(before)))))
  }),
  StridedSlice: from((w, { inputs: { x }, attributes }, _output, at) => {
    const { begin, end, strides } = stridedRange(attributes, x.shape)
    const counts = begin.map((first, i) => Math.max(0, Math.ceil((end[i]! - first) / strides[i]!)))
    const coordinates = at.reshaped(w, counts).coordinates(w)
    return Place.at(
      x.shape,
      coordinates.map((along, i) => {
        const [first, stride] = [w.size(begin[i]!), w.size(Math.abs(strides[i]!))]
        return w.let('u32', `${first} ${strides[i]! < 0 ? '-' : '+'} ${along} * ${stride}`)
      }),
    )
  }),
  Tile: from((w, { inputs: { x }, attributes: { reps } }, _output, at) => {
    const coordinates = at.coordinates(w)
    return Place.at(
      x.shape,
      coordinates.map((along, i) => {
        if (x.shape[i] === 1) return '0u'
        return reps[i] === 1 ? along : w.let('u32', `${along} % ${w.size(x.shape[i]!)}`)
      }),
    )
  }),
  Transpose: from((w, { inputs: { x }, attributes: { perm } }, _output, at) => {
    const coordinates = at.coordinates(w)
    return Place.at(
      x.shape,
      x.shape.map((_, axis) => coordinates[perm.indexOf(axis)]!),
    )
  }),
  Unpack: {
    kind: 'view',
    element({ w, read }, { inputs: { value }, outputs, attributes }, output, at) {
      const axis = fromFront(attributes.axis, value.shape.length)
      const which = outputs.findIndex(({ id }) => id === output.id)
      const coordinates = at.coordinates(w)
      return read(value, Place.at(value.shape, coordinates.toSpliced(axis, 0, w.size(which))))
    },
  },
  UnsortedSegmentSum: {
    kind: 'direct',
    element({ w, read }, { inputs: { x, segmentIds } }, { dtype }, at) {
      const type = wgslType(dtype)
      const [segment, ...rest] = at.coordinates(w)
      const outer = segmentIds.shape.length
      const flat = [sizeOf(segmentIds.shape), ...x.shape.slice(outer)]
      const total = w.variable(type, `${type}(0)`)
      w.loop(w.size(flat[0]!), (k) => {
        const id = read(segmentIds, Place.flat(segmentIds.shape, k))
        w.block(`if (i32(${id}) == i32(${segment}))`, () => {
          w.line(`${total} += ${read(x, Place.at(flat, [k, ...rest]).reshaped(w, x.shape))};`)
        })
      })
      return total
    },
  },
}

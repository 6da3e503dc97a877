import { type Geometry, type Node, poolGeometry, type Value } from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import type { Writer } from '../wgsl/writer'
import { type Along, inputIndex, outputIndex } from './products'
import type { Reader } from './rule'

type At = readonly [batch: string, row: string, column: string, channel: string]

const coordinates = (w: Writer, at: Place): At => at.coordinates(w) as unknown as At

/** A loop over a window's taps. */
function taps(w: Writer, { kernel }: Geometry, write: (i: string, j: string) => void): void {
  w.loop(w.size(kernel[0]), (i) => w.loop(w.size(kernel[1]), (j) => write(i, j)))
}

/** What a window at a place of the result meets, tap by tap, padding left out. */
function meeting(
  { w, read }: Reader,
  x: Value,
  geometry: Geometry,
  [b, y, c, channel]: At,
  write: (element: string) => void,
): void {
  taps(w, geometry, (i, j) => {
    const [row, column] = [inputIndex(w, geometry, 0, y, i), inputIndex(w, geometry, 1, c, j)]
    w.block(`if (${row.inside} && ${column.inside})`, () =>
      write(read(x, Place.at(x.shape, [b, row.index, column.index, channel]))),
    )
  })
}

/** The windows that meet a place of the input. */
function windowsOver(
  w: Writer,
  geometry: Geometry,
  [, y, x]: At,
  write: (row: string, column: string) => void,
): void {
  taps(w, geometry, (i, j) => {
    const [row, column] = [outputIndex(w, geometry, 0, y, i), outputIndex(w, geometry, 1, x, j)]
    w.block(`if (${row.inside} && ${column.inside})`, () => write(row.index, column.index))
  })
}

/** How many places of the input, padding left out, a window covers along an axis. */
function covered(w: Writer, { strides, kernel, pads, input }: Geometry, axis: 0 | 1, place: string): string {
  const start = w.let('i32', `i32(${place} * ${w.size(strides[axis])}) - i32(${w.size(pads[axis])})`)
  return w.let(
    'f32',
    `f32(min(${start} + i32(${w.size(kernel[axis])}), i32(${w.size(input[axis])})) - max(${start}, 0))`,
  )
}

export function maxPool(reader: Reader, { inputs: { x }, attributes }: Node<'MaxPool'>, at: Place): string {
  const { w } = reader
  const best = w.variable('f32', w.call('infinity', '0x80000000u'))
  meeting(reader, x, poolGeometry(attributes, x.shape), coordinates(w, at), (element) =>
    w.line(`${best} = ${w.call('maximum', best, element)};`),
  )
  return best
}

export function avgPool(reader: Reader, { inputs: { x }, attributes }: Node<'AvgPool'>, at: Place): string {
  const { w } = reader
  const geometry = poolGeometry(attributes, x.shape)
  const place = coordinates(w, at)
  const total = w.variable('f32', '0.0')
  meeting(reader, x, geometry, place, (element) => w.line(`${total} += ${element};`))
  return w.let(
    'f32',
    `${total} / (${covered(w, geometry, 0, place[1])} * ${covered(w, geometry, 1, place[2])})`,
  )
}

/** Each place of the gradient is spread evenly over the entries that its window held. */
export function avgPoolGrad(
  { w, read }: Reader,
  { inputs: { dy, input }, attributes }: Node<'AvgPoolGrad'>,
  at: Place,
): string {
  const geometry = poolGeometry(attributes, input.shape)
  const place = coordinates(w, at)
  const total = w.variable('f32', '0.0')
  windowsOver(w, geometry, place, (y, x) => {
    const element = read(dy, Place.at(dy.shape, [place[0], y, x, place[3]]))
    w.line(`${total} += ${element} / (${covered(w, geometry, 0, y)} * ${covered(w, geometry, 1, x)});`)
  })
  return total
}

/** The gradient goes to the first entry that is as large as its window's maximum. */
export function maxPoolGrad(reader: Reader, { inputs, attributes }: Node<'MaxPoolGrad'>, at: Place): string {
  const { w, read } = reader
  const { dy, input, output } = inputs
  const geometry = poolGeometry(attributes, input.shape)
  const place = coordinates(w, at)
  const total = w.variable('f32', '0.0')
  const own = read(input, at)
  windowsOver(w, geometry, place, (y, x) => {
    const there: At = [place[0], y, x, place[3]]
    const largest = read(output, Place.at(output.shape, there))
    w.block(`if (${own} == ${largest})`, () => {
      const earlier = w.variable('u32', '0u')
      taps(w, geometry, (i, j) => {
        const [row, column] = [inputIndex(w, geometry, 0, y, i), inputIndex(w, geometry, 1, x, j)]
        const element = read(input, Place.at(input.shape, [place[0], row.index, column.index, place[3]]))
        w.line(
          `if (${row.inside} && ${column.inside} && ${element} == ${largest} && ${isBefore(row, column, place)}) { ${earlier} = 1u; }`,
        )
      })
      w.line(`if (${earlier} == 0u) { ${total} += ${read(dy, Place.at(dy.shape, there))}; }`)
    })
  })
  return total
}

/** Whether an entry comes before a place, row by row. */
function isBefore(row: Along, column: Along, [, y, x]: At): string {
  return `(${row.index} < ${y} || (${row.index} == ${y} && ${column.index} < ${x}))`
}

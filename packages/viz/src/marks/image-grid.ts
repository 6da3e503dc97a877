import { checkExtent, checkIntegers, expected, formatShape, optionsOf } from '@sgm/tensor/check'
import { checkLabels } from '../look'
import { read, type Values } from '../read'
import type { AxisOptions, Extent, Mark } from '../types'
import { mosaic, mosaicLayout, rangeOf } from './mosaic'

/** Options of {@link imageGrid}. */
export interface ImageGridOptions {
  /** @default such that there are about as many rows as columns */
  readonly columns?: number
  /** The values that are black and white; what lies beyond is shown as these. @default [0, 255] for integers, else [0, 1] */
  readonly range?: Extent
  /** One a column, below. */
  readonly columnLabels?: readonly string[]
  /** One a row, to the left. */
  readonly rowLabels?: readonly string[]
}

/**
 * Images in rows, without axes: grey ones of one channel, coloured ones of three, and with opacity of four.
 *
 * @param images `[n, height, width, channels]`, or `[n, height, width]`.
 * @throws RangeError when the shape is another, or an option does not fit.
 * @example
 * const images = { values: new Float32Array(4 * 8 * 8), shape: [4, 8, 8, 1] }
 * const picture = await figure([imageGrid(images, { columns: 2 })])
 */
export async function imageGrid(images: Values, options: ImageGridOptions = {}): Promise<Mark> {
  const batch = await read('imageGrid', 'images', images)
  const { values, shape } = batch
  const [n = 0, height = 0, width = 0, channels = 1] = shape
  const known = shape.length === 3 || (shape.length === 4 && [1, 3, 4].includes(channels))
  if (values.length > 0 && !known) {
    throw expected('imageGrid', 'images of shape [n, height, width, 1, 3 or 4 channels]', formatShape(shape))
  }
  const {
    columns = Math.max(1, Math.ceil(Math.sqrt(n))),
    columnLabels,
    rowLabels,
  } = optionsOf('imageGrid', options, { columns: true, range: true, columnLabels: true, rowLabels: true })
  checkIntegers('imageGrid', { columns })
  checkLabels('imageGrid', { columnLabels, rowLabels })
  const rows = Math.ceil(n / columns)
  if (rowLabels && rowLabels.length !== rows)
    throw expected('imageGrid', `${rows} row labels`, rowLabels.length)
  if (columnLabels && columnLabels.length !== columns) {
    throw expected('imageGrid', `${columns} column labels`, columnLabels.length)
  }
  const { range = rangeOf(values) } = options
  checkExtent('imageGrid', 'range', range)
  const layout = mosaicLayout('imageGrid', batch, columns)
  const { gap, wide, high } = layout
  const axes = {
    x: labelled(columnLabels, (i) => i * (width + gap) + width / 2),
    y: labelled(rowLabels, (i) => high - i * (height + gap) - height / 2),
  }
  const missing = Array.from(values).filter((v) => !Number.isFinite(v)).length
  return {
    name: 'imageGrid',
    description: `${n} images of ${height} × ${width} pixels`,
    ...(values.length > 0 && { x: [0, wide] as const, y: [0, high] as const }),
    fills: { x: true, y: true },
    equal: true,
    axes,
    note: () =>
      missing > 0 ? `${missing} of ${values.length} values are not finite, and left clear.` : undefined,
    draw: (plot) => {
      if (values.length === 0) return []
      const [left, top] = [plot.x(0), plot.y(high)]
      const size = { width: plot.x(wide) - left, height: plot.y(0) - top }
      const pixels = mosaic(batch, layout, range)
      return [
        {
          type: 'image',
          x: left,
          y: top,
          ...size,
          pixels,
          columns: wide,
          rows: high,
          smooth: size.width < wide,
        },
      ]
    },
  }
}

function labelled(labels: readonly string[] | undefined, place: (i: number) => number): AxisOptions {
  if (!labels) return { show: false }
  return { line: false, ticks: labels.map((label, i) => ({ at: place(i), label })) }
}

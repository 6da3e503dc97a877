import { checkExtent, checkIntegers, expected, formatShape, optionsOf } from '@sgm/tensor/check'
import { read, type Shaped, type Values } from '../read'
import type { AxisOptions, Extent, Mark } from '../types'

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
  } = optionsOf('imageGrid', options)
  checkIntegers('imageGrid', { columns })
  const rows = Math.ceil(n / columns)
  if (rowLabels && rowLabels.length !== rows)
    throw expected('imageGrid', `${rows} row labels`, rowLabels.length)
  if (columnLabels && columnLabels.length !== columns) {
    throw expected('imageGrid', `${columns} column labels`, columnLabels.length)
  }
  const { range = isWhole(values) ? [0, 255] : [0, 1] } = options
  checkExtent('imageGrid', 'range', range)
  const gap = Math.max(1, Math.round(0.06 * Math.max(height, width)))
  const [wide, high] = [columns * (width + gap) - gap, rows * (height + gap) - gap]
  if (wide * high > MOST_PIXELS)
    throw expected('imageGrid', `at most ${MOST_PIXELS} pixels in all`, wide * high)
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
      const pixels = mosaic(batch, { columns, gap, wide, high, range })
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

const MOST_PIXELS = 2 ** 26

function labelled(labels: readonly string[] | undefined, place: (i: number) => number): AxisOptions {
  if (!labels) return { show: false }
  return { line: false, ticks: labels.map((label, i) => ({ at: place(i), label })) }
}

function isWhole(values: ArrayLike<number>): boolean {
  return values instanceof Uint8Array || values instanceof Uint8ClampedArray || values instanceof Int32Array
}

interface Mosaic {
  readonly columns: number
  readonly gap: number
  readonly wide: number
  readonly high: number
  readonly range: Extent
}

/** All images in one; what lies between them stays clear. */
function mosaic({ values, shape }: Shaped, { columns, gap, wide, high, range: [low, top] }: Mosaic) {
  const [n = 0, height = 0, width = 0, channels = 1] = shape
  const pixels = new Uint8ClampedArray(4 * wide * high)
  let from = 0
  for (let i = 0; i < n; i++) {
    const x = (i % columns) * (width + gap)
    const y = Math.floor(i / columns) * (height + gap)
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, from += channels) {
        const to = 4 * ((y + row) * wide + x + column)
        let finite = true
        for (let k = 0; k < 3; k++) {
          const value = values[from + (channels === 1 ? 0 : k)]!
          finite &&= Number.isFinite(value)
          pixels[to + k] = (255 * (value - low)) / (top - low)
        }
        const opacity = channels === 4 ? (255 * (values[from + 3]! - low)) / (top - low) : 255
        pixels[to + 3] = finite ? opacity : 0
      }
    }
  }
  return pixels
}

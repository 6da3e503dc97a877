import { checkExtent, checkIntegers, expected, formatShape, optionsOf } from '@sgm/tensor/check'
import { mosaic, mosaicLayout, rangeOf } from './marks/mosaic'
import { read, type Values } from './read'
import type { Extent } from './types'

/** Options of {@link toImageData} and of `savePng`. */
export interface PixelsOptions {
  /** The values that are black and white; what lies beyond is shown as these. @default [0, 255] for integers, else [0, 1] */
  readonly range?: Extent
  /** Images of a batch a row. @default such that there are about as many rows as columns */
  readonly columns?: number
}

/** Red, green, blue and opacity of each pixel, row by row. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** An image, or a batch of them in rows, pixel by pixel. */
export async function pixelsOf(where: string, images: Values, options: PixelsOptions = {}): Promise<Pixels> {
  const { values, shape } = await read(where, 'images', images)
  const [height = 0, width = 0, channels = 1] = shape.slice(shape.length === 4 ? 1 : 0)
  if (shape.length < 2 || shape.length > 4 || ![1, 3, 4].includes(channels) || values.length === 0) {
    const what = 'an image [height, width], [height, width, 1, 3 or 4 channels], or a batch of these'
    throw expected(where, what, formatShape(shape))
  }
  const count = shape.length === 4 ? shape[0]! : 1
  const { columns = Math.ceil(Math.sqrt(count)), range = rangeOf(values) } = optionsOf(where, options, {
    range: true,
    columns: true,
  })
  checkIntegers(where, { columns })
  checkExtent(where, 'range', range)
  const batch = { values, shape: [count, height, width, channels] }
  const layout = mosaicLayout(where, batch, Math.min(columns, count))
  return { width: layout.wide, height: layout.high, data: mosaic(batch, layout, range) }
}

/**
 * An image as a canvas takes it; a batch as its images in rows, clear pixels between them.
 *
 * @param images `[height, width]`, `[height, width, channels]` or `[n, height, width, channels]`, of 1 (grey), 3 or 4 channels. Values
 * that are not finite are clear.
 * @throws RangeError when the shape is another, an option does not fit, or there are more than 2²⁶ pixels. Error where there is no
 * `ImageData`, as in Node.
 * @example
 * const show = async (canvas: HTMLCanvasElement, x: Tensor) => {
 *   const image = await toImageData(x, { range: [-1, 1] })
 *   canvas.width = image.width
 *   canvas.height = image.height
 *   canvas.getContext('2d')?.putImageData(image, 0, 0)
 * }
 */
export async function toImageData(images: Values, options: PixelsOptions = {}): Promise<ImageData> {
  if (typeof ImageData === 'undefined') {
    throw new Error('toImageData: expected a page, which has ImageData; in Node savePng writes a file')
  }
  const { data, width, height } = await pixelsOf('toImageData', images, options)
  return new ImageData(data, width, height)
}

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPaths } from '@sgm/tensor/check'
import { naming, replaceFile } from '@sgm/tensor/node'
import { encode } from 'fast-png'
import { type PixelsOptions, pixelsOf } from '../pixels'
import type { Values } from '../read'

/**
 * Writes an image as a PNG file, pixel by pixel; a batch as its images in rows, clear pixels between them. A write that fails
 * or is cut off leaves what was there before, as `writeWhole` does.
 *
 * @param images `[height, width]`, `[height, width, channels]` or `[n, height, width, channels]`, of 1 (grey), 3 or 4 channels. Values
 * that are not finite are clear.
 * @param path Made with its folders when missing.
 * @throws TypeError when the path is none. RangeError when the shape is another, an option does not fit, or there are more than 2²⁶ pixels. Error when the file cannot
 * be written.
 * @example
 * const set = glyphs({ count: 9, key: key(0) })
 * await savePng(await images(set), 'glyphs.png')
 */
export async function savePng(
  images: Values,
  path: string | URL,
  options: PixelsOptions = {},
): Promise<void> {
  if (!(path instanceof URL)) checkPaths('savePng', { path })
  const pixels = await pixelsOf('savePng', images, options)
  const place = typeof path === 'string' ? path : fileURLToPath(path)
  await naming(`savePng: could not write ${place}`, async () => {
    await mkdir(dirname(place), { recursive: true })
    await replaceFile(place, encode({ ...pixels, channels: 4, depth: 8 }))
  })
}

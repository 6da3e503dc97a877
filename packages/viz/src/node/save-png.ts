import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkPaths } from '@sgm/tensor/check'
import { encode } from 'fast-png'
import { type PixelsOptions, pixelsOf } from '../pixels'
import type { Values } from '../read'

/**
 * Writes an image as a PNG file, pixel by pixel; a batch as its images in rows, clear pixels between them.
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
  if (typeof path === 'string') await mkdir(dirname(path), { recursive: true })
  await writeFile(path, encode({ ...pixels, channels: 4, depth: 8 }))
}

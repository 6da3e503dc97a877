import { checkIntegers, expected, expectedType, optionsOf } from '@sgm/tensor/check'
import { decodeJpeg, isJpeg, jpegSize } from './jpeg'
import { Damaged, type Picture, type PictureSize } from './picture'
import { decodePng, isPng, pngSize } from './png'

/** The most pixels that a picture may have unless told otherwise. */
export const PIXELS = 2 ** 26

/** Options of {@link decodeImage}. */
export interface DecodeImageOptions {
  /** The most pixels a picture may have. @default 2 ** 26 */
  readonly pixels?: number
}

/**
 * Decodes a PNG or JPEG file. Grey pictures have one channel, all others three: palettes are looked up, transparency is
 * left out, 16 bits become 8. The colours are the file's; colour profiles and the orientation that cameras note are not applied.
 *
 * @param bytes Of a PNG or JPEG file.
 * @throws RangeError when the file is truncated, damaged, too large, or of another kind.
 * @example
 * const read = async (path: string) => decodeImage(await readFile(path))
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeImageOptions = {}): Promise<Picture> {
  const { pixels = PIXELS } = optionsOf('decodeImage', options, { pixels: true })
  if (!(bytes instanceof Uint8Array)) throw expectedType('decodeImage', 'bytes to be a Uint8Array', bytes)
  return decoded('decodeImage', 'bytes', bytes, pixels)
}

/** {@link decodeImage} for messages of `where`. */
export async function decoded(
  where: string,
  name: string,
  bytes: Uint8Array,
  pixels: number,
): Promise<Picture> {
  pictureSize(where, name, bytes, pixels)
  try {
    return isPng(bytes) ? decodePng(bytes) : decodeJpeg(bytes)
  } catch (error) {
    const wrong = error instanceof Damaged ? error.message : 'a truncated or damaged one'
    throw expected(where, `${name} to be a whole ${isPng(bytes) ? 'PNG' : 'JPEG'} file`, wrong)
  }
}

/** The size that the first bytes of a PNG or JPEG file tell; undefined where more of them are needed. */
export function pictureSize(
  where: string,
  name: string,
  head: Uint8Array,
  pixels: number,
  whole = true,
): PictureSize | undefined {
  checkIntegers(where, { pixels }, 1, 2 ** 31)
  if (!isPng(head) && !isJpeg(head)) throw expected(where, `${name} to be a PNG or JPEG file`, 'other bytes')
  const size = isPng(head) ? pngSize(head) : jpegSize(head)
  if (!size) {
    if (whole) throw expected(where, `${name} to have a size in its head`, 'none')
    return undefined
  }
  const { width, height } = size
  if (!(width >= 1 && height >= 1 && width * height <= pixels)) {
    throw expected(where, `${name} to have from 1 to ${pixels} pixels`, `${width}×${height}`)
  }
  return size
}

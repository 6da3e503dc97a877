import { expected } from '@sgm/tensor/check'
import { decodeJpeg, isJpeg, jpegSize } from './jpeg'
import type { Picture, PictureSize } from './picture'
import { decodePng, isPng, pngSize } from './png'

/** Options of {@link decodeImage}. */
export interface DecodeImageOptions {
  /** The most pixels a picture may have. @default 2 ** 26 */
  readonly pixels?: number
}

/**
 * Decodes a PNG or JPEG file. Grey pictures have one channel, all others three: palettes are looked up, transparency is
 * left out, 16 bits become 8. The colours are the file's; colour profiles and the orientation that cameras note are not applied.
 *
 * @throws RangeError when the file is truncated, damaged, too large, or of another kind.
 */
export async function decodeImage(
  bytes: Uint8Array,
  { pixels = 2 ** 26 }: DecodeImageOptions = {},
): Promise<Picture> {
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
    return await (isPng(bytes) ? decodePng(bytes) : decodeJpeg(bytes))
  } catch (error) {
    throw expected(
      where,
      `${name} to be a whole ${isPng(bytes) ? 'PNG' : 'JPEG'} file`,
      (error as Error).message,
    )
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

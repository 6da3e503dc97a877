import type { Picture, PictureSize } from './picture'

/** Whether the bytes begin as a JPEG file does. */
export function isJpeg(head: Uint8Array): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff
}

/** What the frame header of a JPEG file says, where the bytes reach that far. */
export function jpegSize(head: Uint8Array): PictureSize | undefined {
  for (let at = 2; at + 9 < head.length; ) {
    if (head[at] !== 0xff) return undefined
    const marker = head[at + 1]!
    if (marker === 0xff) {
      at += 1
      continue
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (frame) {
      const height = 256 * head[at + 5]! + head[at + 6]!
      const width = 256 * head[at + 7]! + head[at + 8]!
      return { width, height, channels: head[at + 9] === 1 ? 1 : 3 }
    }
    at += 2 + 256 * head[at + 2]! + head[at + 3]!
  }
  return undefined
}

/** Decodes a JPEG file whose size is known to be fit. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Picture> {
  const jpeg = await import('jpeg-js')
  const { decode } = jpeg.default ?? jpeg
  const size = jpegSize(bytes)!
  const { width, height, data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: Number.POSITIVE_INFINITY,
    maxMemoryUsageInMB: 8 + (32 * size.width * size.height) / 2 ** 20,
  })
  return {
    width,
    height,
    channels: size.channels,
    bytes: size.channels === 1 ? data.filter((_, i) => i % 3 === 0) : data,
  }
}

import type { DecodedPng } from 'fast-png'
import { Unzlib } from 'fflate'
import type { Picture, PictureSize } from './picture'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** The chunks that the pixels depend on. */
const CHUNKS = ['IHDR', 'PLTE', 'IDAT', 'IEND']

/** More than deflate can inflate a byte to. */
const DENSEST = 1032

/** Bytes that may be inflated without measuring them first: 64 MiB. */
const HARMLESS = 2 ** 26

/** Whether the bytes begin as a PNG file does. */
export function isPng(head: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => head[i] === byte)
}

/** What the first chunk of a PNG file says, where the bytes reach that far. */
export function pngSize(head: Uint8Array): PictureSize | undefined {
  if (head.length < 26) return undefined
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  return { width: view.getUint32(16), height: view.getUint32(20), channels: head[25]! % 4 === 0 ? 1 : 3 }
}

/** Decodes a PNG file whose size is known to be fit. */
export async function decodePng(bytes: Uint8Array): Promise<Picture> {
  if (bytes[28] === 1 && bytes[24]! < 8) throw new Error('an interlaced one of fewer than 8 bits')
  const { convertIndexedToRgb, decode } = await import('fast-png')
  const { width, height, channels } = pngSize(bytes)!
  const png = decode(essential(bytes, 8 * width * height + 8 * height), { checkCrc: true })
  const area = width * height
  if (bytes[25] === 3) return { width, height, channels, bytes: convertIndexedToRgb(png).slice(0, 3 * area) }
  const samples = png.depth < 8 ? unpacked(png) : png.data
  const shift = png.depth === 16 ? 8 : 0
  const pixels = new Uint8Array(area * channels)
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < channels; c++) pixels[i * channels + c] = samples[i * png.channels + c]! >> shift
  }
  return { width, height, channels, bytes: pixels }
}

/**
 * The file without comments, colour profiles and animation, whose compressed parts nobody needs; what the image data
 * inflate to is measured where it could be much.
 */
function essential(bytes: Uint8Array, most: number): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)]
  const data: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 8; at < bytes.length; ) {
    if (at + 12 > bytes.length) throw new Error('a truncated file')
    const length = view.getUint32(at)
    const end = at + 12 + length
    if (end > bytes.length) throw new Error('a truncated file')
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (CHUNKS.includes(type)) parts.push(bytes.subarray(at, end))
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end - 4))
    if (type === 'IEND') break
    at = end
  }
  if (data.reduce((sum, { length }) => sum + DENSEST * length, 0) > HARMLESS) measure(data, most)
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Throws where the compressed data inflate to more than `most` bytes. */
function measure(data: readonly Uint8Array[], most: number): void {
  let length = 0
  const stream = new Unzlib((piece) => {
    length += piece.length
    if (length > most) throw new Error(`more than the ${most} bytes that its size allows`)
  })
  for (const part of data) {
    for (let from = 0; from < part.length; from += 2 ** 14) stream.push(part.subarray(from, from + 2 ** 14))
  }
}

/** Grey samples of 1, 2 or 4 bits, rows padded to whole bytes, as bytes. */
function unpacked({ width, height, depth, data }: DecodedPng): Uint8Array {
  const samples = new Uint8Array(width * height)
  const stride = Math.ceil((width * depth) / 8)
  const most = 2 ** depth - 1
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = column * depth
      const byte = data[row * stride + (bit >> 3)]!
      samples[row * width + column] = (255 / most) * ((byte >> (8 - depth - (bit & 7))) & most)
    }
  }
  return samples
}

import { Unzlib } from 'fflate'
import { crc32 } from './crc32'
import { inflate, isPlausible } from './inflate'
import { Damaged, type Picture, type PictureSize } from './picture'
import { type PngHead, pngRows } from './png-rows'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Bits a sample that each type of colour may have: grey, colours, palette, grey and alpha, colours and alpha. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

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

/**
 * Decodes a PNG file whose size is known to be fit, row by row as it inflates: beside the file and the picture it takes two
 * rows and what inflates at once. Every chunk is held to its checksum.
 *
 * W3C 2003, "Portable Network Graphics (PNG) Specification", second edition.
 *
 * @throws Damaged when the file is not as it should be.
 */
export function decodePng(bytes: Uint8Array): Picture {
  const { head, palette, data } = partsOf(bytes)
  const rows = pngRows(head, palette)
  const compressed = data.reduce((sum, { length }) => sum + length, 0)
  if (!isPlausible(compressed, rows.size)) throw new Damaged('image data too short for its size')
  const picture = rows.begin()
  inflate((take) => new Unzlib(take), data, picture.take)
  return picture.end()
}

interface Parts {
  readonly head: PngHead
  /** Red, green and blue of each colour; empty where there is none. */
  readonly palette: Uint8Array
  /** The compressed rows. */
  readonly data: readonly Uint8Array[]
}

/** The chunks that the pixels depend on; all others are passed over. */
function partsOf(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let head: PngHead | undefined
  let palette: Uint8Array = new Uint8Array()
  const data: Uint8Array[] = []
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at)
    if (end + 4 > bytes.length) break
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Damaged('a chunk of another checksum')
    }
    const content = bytes.subarray(at + 8, end)
    if (type === 'IHDR' && !head) head = headOf(content)
    else if (type === 'PLTE') palette = content
    else if (type === 'IDAT') data.push(content)
    else if (type === 'IEND' && head) return { head, palette, data }
    else if (!head || type[0] === type[0]!.toUpperCase()) throw new Damaged('a chunk where it must not be')
    at = end + 4
  }
  throw new Damaged('a truncated file')
}

function headOf(content: Uint8Array): PngHead {
  if (content.length !== 13) throw new Damaged('a head of another length')
  const view = new DataView(content.buffer, content.byteOffset, content.length)
  const [depth, type, compression, filter, interlaced] = content.subarray(8) as unknown as number[]
  if (!DEPTHS[type!]?.includes(depth!)) throw new Damaged(`colours of type ${type} with ${depth} bits`)
  if (compression! + filter! > 0 || interlaced! > 1) throw new Damaged('a compression of another kind')
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: depth!,
    type: type!,
    interlaced: interlaced === 1,
  }
}

import { Damaged, type Picture, type PictureSize } from '../picture'
import { type HuffmanTable, huffmanTable } from './bits'
import { ZIGZAG } from './block'
import { codingOf, pictureOf } from './colours'
import { type Frame, frameOf, isFrame } from './frame'
import { type Planes, planesOf, type Scan } from './planes'

/** More scans than encoders make: each goes over all of a picture again. */
const MOST_SCANS = 100

/** Whether the bytes begin as a JPEG file does. */
export function isJpeg(head: Uint8Array): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff
}

/** What the frame header of a JPEG file says, where the bytes reach that far. */
export function jpegSize(head: Uint8Array): PictureSize | undefined {
  for (const { marker, content, end } of segments(head, 2)) {
    if (end > head.length && content.length < 6) return undefined
    if (!isFrame(marker)) continue
    const [, high, low, wide, narrow, components] = content as unknown as number[]
    return {
      height: 256 * high! + low!,
      width: 256 * wide! + narrow!,
      channels: components === 1 ? 1 : 3,
    }
  }
  return undefined
}

/**
 * Decodes a JPEG file whose size is known to be fit: sequential and progressive ones with Huffman codes, of grey, luma and
 * chromas, red, green and blue, or inks. Beside the file and the picture it takes a byte a sample, and of progressive ones two
 * more.
 *
 * ITU-T T.81 (1992) | ISO/IEC 10918-1.
 *
 * @throws Damaged when the file is not as it should be, or of another kind.
 */
export function decodeJpeg(bytes: Uint8Array): Picture {
  const quantizations: (Uint16Array | undefined)[] = []
  const codes = { dc: [] as HuffmanTable[], ac: [] as HuffmanTable[] }
  let [frame, planes] = [undefined as Frame | undefined, undefined as Planes | undefined]
  let [interval, scans, jfif] = [0, 0, false]
  let adobe: number | undefined
  let at = 2
  for (;;) {
    const segment = segments(bytes, at).next().value
    if (!segment || segment.end > bytes.length) throw new Damaged('a truncated file')
    const { marker, content, end } = segment
    at = end
    if (marker === 0xd9) break
    if (isFrame(marker)) {
      if (frame) throw new Damaged('one of several frames')
      frame = frameOf(marker, content)
      checkLength(frame, bytes.length)
      planes = planesOf(frame)
    } else if (marker === 0xda) {
      if (!planes) throw new Damaged('image data before their size')
      scans += 1
      if (scans > MOST_SCANS) throw new Damaged(`one of more than ${MOST_SCANS} scans`)
      at = planes.read(scanOf(content, codes, interval), bytes, at, quantizations)
    } else if (marker === 0xdb) readQuantizations(content, quantizations)
    else if (marker === 0xc4) readCodes(content, codes)
    else if (marker === 0xdd) interval = 256 * (content[0] ?? 0) + (content[1] ?? 0)
    else if (marker === 0xe0) jfif ||= begins(content, 'JFIF')
    else if (marker === 0xee && begins(content, 'Adobe')) adobe = content[11]
  }
  if (!frame || !planes) throw new Damaged('no picture')
  return pictureOf(frame, planes.end(), codingOf(frame, adobe, jfif))
}

/** The segments from a place on, up to image data; their content may be cut where the bytes end. */
function* segments(bytes: Uint8Array, from: number) {
  for (let at = from; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return
    const marker = bytes[at + 1]!
    // Any number of 255 may stand before a marker.
    if (marker === 0xff) {
      at += 1
      continue
    }
    const alone = marker === 0xd9 || marker === 0x01
    const length = alone ? 0 : 256 * (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0)
    if (!alone && length < 2) return
    const end = at + 2 + length
    yield { marker, content: bytes.subarray(at + 4, end), end }
    at = end
  }
}

/** Every block takes a bit at least: what is shorter cannot be whole, whatever size it says. */
function checkLength({ components }: Frame, bytes: number): void {
  const blocks = components.reduce((sum, { columns, rows }) => sum + columns * rows, 0)
  if (8 * bytes < blocks) throw new Damaged('image data too short for its size')
}

function scanOf(
  content: Uint8Array,
  { dc, ac }: { readonly dc: readonly HuffmanTable[]; readonly ac: readonly HuffmanTable[] },
  interval: number,
): Scan {
  const count = content[0] ?? 0
  const [start = 0, end = 0, bits = 0] = content.subarray(1 + 2 * count)
  if (count < 1 || count > 4 || content.length !== 4 + 2 * count || start > end || end > 63) {
    throw new Damaged('a scan of no sense')
  }
  const parts = Array.from({ length: count }, (_, i) => {
    const tables = content[2 + 2 * i]!
    return { id: content[1 + 2 * i]!, dc: dc[tables >> 4], ac: ac[tables & 15] }
  })
  if (start > 0 && count > 1) throw new Damaged('a scan of no sense')
  return { parts, start, end, high: bits >> 4, low: bits & 15, interval }
}

function readQuantizations(content: Uint8Array, tables: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < content.length; ) {
    const size = content[at]! >> 4 ? 2 : 1
    if (at + 1 + 64 * size > content.length) throw new Damaged('a truncated quantisation')
    const table = new Uint16Array(64)
    for (let k = 0; k < 64; k++) {
      const place = at + 1 + size * k
      table[ZIGZAG[k]!] = size === 1 ? content[place]! : 256 * content[place]! + content[place + 1]!
    }
    tables[content[at]! & 15] = table
    at += 1 + 64 * size
  }
}

function readCodes(
  content: Uint8Array,
  codes: { readonly dc: HuffmanTable[]; readonly ac: HuffmanTable[] },
): void {
  for (let at = 0; at < content.length; ) {
    const counts = content.subarray(at + 1, at + 17)
    const total = counts.reduce((a, b) => a + b, 0)
    const values = content.subarray(at + 17, at + 17 + total)
    if (values.length < total || counts.length < 16) throw new Damaged('a truncated code')
    codes[content[at]! >> 4 ? 'ac' : 'dc'][content[at]! & 15] = huffmanTable(counts, values)
    at += 17 + total
  }
}

const begins = (content: Uint8Array, name: string): boolean =>
  [...name].every((letter, i) => content[i] === letter.charCodeAt(0)) && content[name.length] === 0

import { checkMovie, type MovieOptions, type PictureSequence, rasters } from './frames'

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]

/**
 * Frames as an animated PNG: all colours, in any viewer of PNG files, still in those that do not know animation.
 *
 * @param frames One after another.
 * @throws RangeError when there is no frame, their sizes differ, or an option does not fit. The signal's reason, when it ends the call.
 * @example
 * const frame = (i: number) =>
 *   figure([curve((x) => Math.sin(x + i))], { width: 200, height: 100 })
 * const bytes = await toApng(await Promise.all([0, 1, 2].map(frame)))
 */
export async function toApng(frames: PictureSequence, options: MovieOptions = {}): Promise<Uint8Array> {
  checkMovie('toApng', options)
  const { fps = 20, repeat = 0, hold = 1 } = options
  const parts: Uint8Array[] = []
  let header: Uint8Array = new Uint8Array()
  let [sequence, count] = [0, 0]
  for await (const { image, last } of rasters('toApng', frames, options)) {
    const chunks = chunksOf(image.asPng())
    header = chunks.find(({ type }) => type === 'IHDR')!.data
    const delay = Math.round(1000 * (1 / fps + (last ? hold : 0)))
    parts.push(chunk('fcTL', control(sequence++, image.width, image.height, delay)))
    for (const { data } of chunks.filter(({ type }) => type === 'IDAT')) {
      parts.push(count === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([word(sequence++), data])))
    }
    count++
  }
  const animation = chunk('acTL', Buffer.concat([word(count), word(repeat)]))
  const whole = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    animation,
    ...parts,
    chunk('IEND', new Uint8Array()),
  ]
  return new Uint8Array(Buffer.concat(whole))
}

/** Where the frame lies, and how many thousandths of a second it stays. */
function control(sequence: number, width: number, height: number, delay: number): Uint8Array {
  const milliseconds = Math.min(delay, 65535)
  return Buffer.concat([
    ...[sequence, width, height, 0, 0].map(word),
    Uint8Array.of(milliseconds >> 8, milliseconds & 255, 1000 >> 8, 1000 & 255, 0, 0),
  ])
}

function chunksOf(png: Uint8Array): { readonly type: string; readonly data: Uint8Array }[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const chunks: { type: string; data: Uint8Array }[] = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8))
    chunks.push({ type, data: png.slice(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Uint8Array.from(type, (c) => c.charCodeAt(0)), data])
  return Buffer.concat([word(data.length), body, word(crc32(body))])
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** The checksum of the PNG specification, which `node:zlib` has in newer versions only. */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = table[(c ^ byte) & 255]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

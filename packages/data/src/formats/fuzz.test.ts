import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import fixtures from '../../fixtures/files.json'
import { decodeImage, readCsv, readImages, readNpy, readNpz, readPictures } from '.'

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))
const picture = (name: string) => bytesOf(fixtures.pictures.find((one) => one.name === name)!.file)
const idx = Uint8Array.from([
  0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
])

const csv = new TextEncoder().encode('# points\na,"b ""c""",d\n1,2.5,-3e-1\n\n4,5,"6"\n')

const whole: Record<string, Uint8Array> = {
  idx,
  'gzipped idx': gzipSync(idx),
  npy: bytesOf(fixtures.arrays[0]!.file),
  'stored npz': bytesOf(fixtures.archives.stored),
  'compressed npz': bytesOf(fixtures.archives.compressed),
  'grey png': picture('png of 8 bits'),
  'palette png': picture('png with a palette of 16'),
  csv,
  jpeg: picture('jpeg with coarse colours'),
  'progressive jpeg': picture('progressive jpeg'),
}

const readers: Record<string, (bytes: Uint8Array) => Promise<unknown>> = {
  readImages: async (bytes) => {
    const set = await readImages(bytes, { limit: 2 ** 20 })
    const read = await set.bytes(Int32Array.from({ length: set.length }, (_, i) => i))
    expect(read).toHaveLength(set.shape.reduce((a, b) => a * b, set.length))
  },
  readCsv: async (bytes) => {
    const { shape, values } = await readCsv(bytes, { limit: 2 ** 16 })
    expect(values).toHaveLength(shape[0] * shape[1])
    expect(values.every(Number.isFinite)).toBe(true)
  },
  readNpy,
  readNpz: (bytes) => readNpz(bytes, { limit: 2 ** 20 }),
  decodeImage: async (bytes) => {
    const { width, height, channels, bytes: pixels } = await decodeImage(bytes, { pixels: 2 ** 16 })
    expect(pixels).toHaveLength(width * height * channels)
  },
  readPictures: async (bytes) => {
    const set = await readPictures([bytes, bytes], { pixels: 2 ** 16, size: 5 })
    expect(await set.bytes(Int32Array.of(1, 0))).toHaveLength(2 * 25 * set.shape[2])
  },
}

/** A file with some bytes changed, and cut or made longer. */
const damaged = (file: Uint8Array) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(Math.min(file.length - 1, 600)), fc.integer({ min: 0, max: 255 })), {
        maxLength: 4,
      }),
      fc.oneof(fc.constant(file.length), fc.nat(file.length)),
      fc.uint8Array({ maxLength: 3 }),
    )
    .map(([changes, length, tail]) => {
      const copy = file.slice()
      for (const [at, byte] of changes) copy[at] = byte
      return Uint8Array.from([...copy.subarray(0, length), ...tail])
    })

/** Either the bytes are read, or the error is a RangeError of the reader that says what it expected. */
async function readOrRefused(name: string, bytes: Uint8Array): Promise<void> {
  try {
    await readers[name]!(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    expect((error as Error).message).toMatch(new RegExp(`^${name}: expected `))
  }
}

describe.each(Object.keys(readers))('%s', (name) => {
  it('reads or refuses any bytes', async () => {
    const starts = fc.constantFrom(
      ...Object.values(whole).map((file) => file.subarray(0, 12)),
      new Uint8Array(0),
    )
    const bytes = fc
      .tuple(starts, fc.uint8Array({ maxLength: 300 }))
      .map((parts) => new Uint8Array(Buffer.concat(parts)))
    await fc.assert(
      fc.asyncProperty(bytes, (file) => readOrRefused(name, file)),
      { numRuns: 150, seed: 1 },
    )
  })

  for (const [kind, file] of Object.entries(whole)) {
    it(`reads or refuses a damaged file: ${kind}`, async () => {
      await fc.assert(
        fc.asyncProperty(damaged(file), (bytes) => readOrRefused(name, bytes)),
        { numRuns: 50, seed: 2 },
      )
    })
  }
})

import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import fixtures from '../../fixtures/files.json'
import { decodeImage, readImages, readNpz } from '.'

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))

/**
 * The bits of a file that can be flipped without the reader finding it: those that make it read something else, and, where every
 * bit is under a checksum, those that change nothing.
 */
async function unfound(
  file: Uint8Array,
  read: (bytes: Uint8Array) => Promise<unknown>,
  every = false,
): Promise<number[]> {
  const whole = JSON.stringify(await read(file))
  const missed: number[] = []
  for (let bit = 0; bit < 8 * file.length; bit++) {
    const damaged = file.slice()
    damaged[bit >> 3]! ^= 1 << (bit & 7)
    const found = await read(damaged).then(JSON.stringify, () => 'refused')
    if (found !== 'refused' && (every || found !== whole)) missed.push(bit)
  }
  return missed
}

describe('a flipped bit is found', () => {
  for (const [name, text] of Object.entries(fixtures.archives)) {
    it(`in an npz archive, ${name}`, async () => {
      const file = bytesOf(text)
      const read = async (bytes: Uint8Array) =>
        Object.entries(await readNpz(bytes)).map(([array, { shape, values }]) => [
          array,
          shape,
          Array.from(values, Number),
        ])
      expect(await unfound(file, read)).toEqual([])
    })
  }

  for (const name of ['png of 8 bits', 'png with a palette of 16', 'interlaced png with a palette']) {
    it(`in a ${name}`, async () => {
      const file = bytesOf(fixtures.pictures.find((one) => one.name === name)!.file)
      expect(await unfound(file, decodeImage, true)).toEqual([])
    })
  }

  it('in a gzipped file', async () => {
    const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4)
    const read = async (bytes: Uint8Array) => {
      const set = await readImages(bytes)
      return Array.from(await set.bytes(Int32Array.of(0, 1)))
    }
    expect(await unfound(gzipSync(idx), read)).toEqual([])
  })
})

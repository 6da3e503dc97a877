import { describe, expect, it } from 'vitest'
import fixtures from '../../fixtures/files.json'
import { decodeImage, readImages, readNpy, readNpz } from '.'

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))
const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i)

describe('readNpy', () => {
  for (const { name, file, shape, values } of fixtures.arrays) {
    it(`reads what NumPy saved: ${name}`, async () => {
      const array = await readNpy(bytesOf(file))
      expect(array.shape).toEqual(shape)
      const numbers = values.map(
        (value) =>
          ({ True: 1, False: 0, inf: Infinity, '-inf': -Infinity, nan: NaN })[value] ?? Number(value),
      )
      expect(Array.from(array.values, Number)).toEqual(numbers)
    })
  }

  for (const [name, file] of Object.entries(fixtures.refused)) {
    it(`refuses what is no plain array of numbers: ${name}`, async () => {
      await expect(readNpy(bytesOf(file))).rejects.toThrow(/^readNpy: expected bytes to hold a plain array/)
    })
  }
})

describe('npz archives', () => {
  it('may name arrays as what objects inherit', async () => {
    const { names, file } = fixtures.inherited
    const arrays = await readNpz(bytesOf(file))
    expect(Object.entries(arrays).map(([name, { values }]) => [name, ...Array.from(values, Number)])).toEqual(
      names.map((name, i) => [name, i]),
    )
  })

  for (const [name, file] of Object.entries(fixtures.archives)) {
    it(`are read as NumPy wrote them, ${name}`, async () => {
      const arrays = await readNpz(bytesOf(file))
      expect(Object.keys(arrays)).toEqual(['x_train', 'y_train', 'x_test', 'y_test'])
      expect(arrays.y_test!.shape).toEqual([2, 1])
      for (const [array, values] of Object.entries(fixtures.images)) {
        expect(Array.from(arrays[array]!.values, Number)).toEqual(values)
      }
    })

    it(`hold images and labels of a split, ${name}`, async () => {
      const train = await readImages(bytesOf(file))
      expect(train.shape).toEqual([4, 3, 1])
      expect([...train.labels!]).toEqual(fixtures.images.y_train)
      expect(Array.from(await train.bytes(all(6)))).toEqual(fixtures.images.x_train)
      const test = await readImages(new Blob([bytesOf(file)]), { split: 'test', classes: ['no', 'yes'] })
      expect([...test.labels!]).toEqual([1, 0])
      expect(Array.from(await test.bytes(all(2)))).toEqual(fixtures.images.x_test)
    })

    it(`are held to the limit and to their end, ${name}`, async () => {
      await expect(readNpz(bytesOf(file), { limit: 100 })).rejects.toThrow(
        'readNpz: expected bytes to be at most 100 bytes (the option limit)',
      )
      await expect(readNpz(bytesOf(file).slice(0, -1))).rejects.toThrow(
        'readNpz: expected bytes to be whole, got a truncated or damaged archive',
      )
    })
  }
})

describe('decodeImage', () => {
  for (const { name, file, shape, bytes } of fixtures.pictures) {
    it(`reads what Pillow wrote: ${name}`, async () => {
      const picture = await decodeImage(bytesOf(file))
      expect([picture.height, picture.width, picture.channels]).toEqual(shape)
      const wanted = bytesOf(bytes)
      const errors = Array.from(picture.bytes, (byte, i) => Math.abs(byte - wanted[i]!))
      expect(errors).toHaveLength(wanted.length)
      // Decoders of JPEG round differently: here up to thrice, samples, what lies between them, and colours.
      expect(Math.max(...errors)).toBeLessThanOrEqual(name.includes('jpeg') ? 3 : 0)
    })

    it(`refuses a part of it: ${name}`, async () => {
      for (const part of [0.3, 0.6, 0.9]) {
        const cut = bytesOf(file).slice(0, part * bytesOf(file).length)
        await expect(decodeImage(cut)).rejects.toThrow(
          /^decodeImage: expected bytes to (be a whole|have a size)/,
        )
      }
    })
  }
})

import { deflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { decodeImage, readPictures } from '.'

/** A PNG file whose sample at (y, x), channel c is `value(y, x, c)`. */
function png(
  height: number,
  width: number,
  channels: number,
  value: (y: number, x: number, c: number) => number,
): Uint8Array {
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels)
    return value(Math.floor(pixel / width), pixel % width, i % channels)
  })
  return encode({ width, height, channels, data })
}

const flat = (byte: number) => png(4, 4, 1, () => byte)

describe('decodeImage', () => {
  it('holds pictures to a number of pixels, before it decodes them', async () => {
    const large = encode({ width: 100, height: 50, channels: 1, data: new Uint8Array(5000) })
    await expect(decodeImage(large, { pixels: 4999 })).rejects.toThrow(
      'decodeImage: expected bytes to have from 1 to 4999 pixels, got 100×50',
    )
    expect((await decodeImage(large, { pixels: 5000 })).bytes).toHaveLength(5000)
    const wide = Uint8Array.of(255, 216, 255, 192, 0, 11, 8, 0, 50, 0, 100, 1, 1, 17, 0)
    await expect(decodeImage(wide, { pixels: 4999 })).rejects.toThrow('got 100×50')
  })

  it('stops image data that inflate to more than the size allows', async () => {
    const small = Buffer.from(flat(0))
    const data = deflateSync(Buffer.alloc(80_000_000), { level: 1 })
    const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('IDAT'), data, Buffer.alloc(4)])
    chunk.writeUInt32BE(data.length)
    const at = small.indexOf('IDAT') - 4
    const bomb = Buffer.concat([small.subarray(0, at), chunk, small.subarray(small.indexOf('IEND') - 4)])
    await expect(decodeImage(withChecksums(bomb))).rejects.toThrow(
      'PNG file, got more image data than its size allows',
    )
  })

  it('refuses a PNG file whose checksum is another', async () => {
    const damaged = flat(9).slice()
    damaged[damaged.length - 16]! ^= 1
    await expect(decodeImage(damaged)).rejects.toThrow(
      'decodeImage: expected bytes to be a whole PNG file, got a chunk of another checksum',
    )
  })
})

describe('readPictures', () => {
  it('gives pictures in their order, in grey or in colour', async () => {
    const grey = await readPictures([flat(10), flat(20), flat(30)], {
      labels: [1, 0, 1],
      classes: ['a', 'b'],
    })
    expect([grey.length, ...grey.shape]).toEqual([3, 4, 4, 1])
    expect([...grey.labels!]).toEqual([1, 0, 1])
    expect(Array.from(await grey.bytes(Int32Array.of(2, 0)))).toEqual([
      ...Array(16).fill(30),
      ...Array(16).fill(10),
    ])
    const colour = png(4, 4, 3, (_y, _x, c) => [200, 100, 50][c]!)
    const mixed = await readPictures([flat(10), new Blob([new Uint8Array(colour)])])
    expect(mixed.shape).toEqual([4, 4, 3])
    const [first, second] = [await mixed.bytes(Int32Array.of(0)), await mixed.bytes(Int32Array.of(1))]
    expect([...first.subarray(0, 3), ...second.subarray(0, 3)]).toEqual([10, 10, 10, 200, 100, 50])
    const luma = await readPictures([flat(10), colour], { channels: 1 })
    expect((await luma.bytes(Int32Array.of(1)))[7]).toBe(Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50))
  })

  it('cuts out the middle square and resamples it', async () => {
    const ramp = png(20, 60, 1, (_y, x) => 4 * x)
    const half = await readPictures([ramp], { size: 10 })
    expect(half.shape).toEqual([10, 10, 1])
    const row = (await half.bytes(Int32Array.of(0))).subarray(30, 40)
    // Away from the edges a ramp stays a ramp: pixel j lies at 20 + 2j + ½.
    for (let j = 1; j < 9; j++) expect(row[j]).toBe(4 * (20 + 2 * j) + 2)
    const same = await readPictures([ramp], { size: 20 })
    expect((await same.bytes(Int32Array.of(0)))[21]).toBe(4 * 21)
    const larger = await readPictures([flat(77)], { size: 9 })
    expect(new Set(await larger.bytes(Int32Array.of(0)))).toEqual(new Set([77]))
    const sum = (bytes: Uint8Array) => bytes.reduce((a, b) => a + b, 0)
    const dot = await readPictures([png(12, 12, 1, (y, x) => (x === 5 && y === 6 ? 255 : 0))], { size: 4 })
    expect(Math.abs(sum(await dot.bytes(Int32Array.of(0))) - 255 / 9)).toBeLessThan(3)
  })

  it('finds what does not belong before it begins', async () => {
    await expect(readPictures([])).rejects.toThrow('readPictures: expected PNG or JPEG files, got none')
    await expect(readPictures([flat(1), png(3, 4, 1, () => 0)])).rejects.toThrow(
      'readPictures: expected pictures of one size (4×4, as bytes) or the option size, got 4×3 for bytes',
    )
    await expect(readPictures([flat(1), Buffer.from('GIF89a')])).rejects.toThrow(
      'PNG or JPEG file, got other bytes',
    )
    await expect(readPictures([flat(1)], { labels: [1, 2] })).rejects.toThrow('1 labels, one an image, got 2')
    await expect(readPictures([flat(1)], { size: 0 })).rejects.toThrow('size to be an integer >= 1, got 0')
    await expect(readPictures([flat(1)], { channels: 4 as 3 })).rejects.toThrow(
      'channels to be 1 or 3, got 4',
    )
    const set = await readPictures([flat(1)])
    await expect(set.bytes(Int32Array.of(1))).rejects.toThrow('indices in [0, 1), got 1')
  })
})

/** The PNG file with every chunk's checksum made right. */
function withChecksums(file: Buffer): Buffer {
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at)
    let crc = -1
    for (const byte of file.subarray(at + 4, at + 8 + length)) {
      crc ^= byte
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    }
    file.writeUInt32BE(~crc >>> 0, at + 8 + length)
    at += 12 + length
  }
  return file
}

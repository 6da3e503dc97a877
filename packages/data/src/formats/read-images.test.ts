import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Bytes } from '.'
import { readImages } from '.'

const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i)
const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => i)

/** An IDX file of bytes. */
function idx(shape: readonly number[], values: Uint8Array, type = 8): Uint8Array {
  const head = new DataView(new ArrayBuffer(4 + 4 * shape.length))
  head.setUint8(2, type)
  head.setUint8(3, shape.length)
  shape.forEach((size, axis) => {
    head.setUint32(4 + 4 * axis, size)
  })
  return Buffer.concat([new Uint8Array(head.buffer), values])
}

/** A `.npy` file of the head as it is written. */
function npy(head: string, values: Uint8Array): Uint8Array {
  const length = Buffer.alloc(2)
  length.writeUInt16LE(head.length)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(head), values])
}

const npyOf = (shape: string, values: Uint8Array, descr = '|u1') =>
  npy(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }\n`, values)

/** Records of CIFAR: every byte of image i, channel c is 10i + c. */
function cifar(labels: readonly (readonly number[])[]): Uint8Array {
  return Buffer.concat(
    labels.map((label, i) =>
      Buffer.concat([Uint8Array.from(label), ...[0, 1, 2].map((c) => Buffer.alloc(1024, 10 * i + c))]),
    ),
  )
}

/** How a file can be handed over. */
const kinds: Record<string, (bytes: Uint8Array) => Bytes> = {
  'bytes in memory': (bytes) => bytes,
  'a blob': (bytes) => new Blob([new Uint8Array(bytes)]),
  'a file of the browser': (bytes) => new File([new Uint8Array(bytes)], 'chosen'),
  'gzipped bytes': gzipSync,
  'a gzipped blob': (bytes) => new Blob([new Uint8Array(gzipSync(bytes))]),
}

describe('readImages', () => {
  for (const [kind, as] of Object.entries(kinds)) {
    it(`reads IDX images and labels from ${kind}`, async () => {
      const set = await readImages(as(idx([3, 2, 4], ramp(24))), {
        labels: as(idx([3], Uint8Array.of(7, 0, 2))),
      })
      expect([set.length, ...set.shape]).toEqual([3, 2, 4, 1])
      expect([...set.labels!]).toEqual([7, 0, 2])
      expect(Array.from(await set.bytes(Int32Array.of(2, 0)))).toEqual([...ramp(24).slice(16), ...ramp(8)])
    })

    it(`reads CIFAR-10 and CIFAR-100 from ${kind}`, async () => {
      const ten = await readImages(as(cifar([[9], [0], [4]])))
      expect([ten.length, ...ten.shape]).toEqual([3, 32, 32, 3])
      expect([...ten.labels!]).toEqual([9, 0, 4])
      expect(ten.classes).toHaveLength(10)
      const image = await ten.bytes(Int32Array.of(2))
      expect(image).toEqual(Uint8Array.from({ length: 3072 }, (_, i) => 20 + (i % 3)))
      const hundred = await readImages(
        as(
          cifar([
            [1, 99],
            [19, 42],
          ]),
        ),
      )
      expect([...hundred.labels!]).toEqual([99, 42])
      expect(hundred.classes).toHaveLength(100)
    })

    it(`reads .npy images from ${kind}`, async () => {
      const set = await readImages(as(npyOf('2, 1, 2, 3', ramp(12))), {
        labels: as(npyOf('2, 1', Uint8Array.of(1, 0))),
      })
      expect([set.length, ...set.shape]).toEqual([2, 1, 2, 3])
      expect([...set.labels!]).toEqual([1, 0])
      expect(Array.from(await set.bytes(Int32Array.of(1)))).toEqual([...ramp(12).slice(6)])
    })
  }

  it('reads the parts asked for alone', async () => {
    const file = idx(
      [1000, 2, 2],
      new Uint8Array(4000).map((_, i) => i % 251),
    )
    let most = 0
    const source = {
      name: 'large',
      length: file.length,
      read(places: ArrayLike<number>, size: number) {
        most = Math.max(most, places.length * size)
        return Buffer.concat(Array.from(places, (place) => file.subarray(place, place + size)))
      },
    }
    const set = await readImages(source)
    expect(Array.from(await set.bytes(Int32Array.of(999, 5)))).toEqual(
      [3996, 3997, 3998, 3999, 20, 21, 22, 23].map((i) => i % 251),
    )
    expect(most).toBeLessThan(64)
  })

  it('reads .npy images in Fortran’s order', async () => {
    const head = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }\n"
    const set = await readImages(npy(head, ramp(24)))
    expect([set.length, ...set.shape]).toEqual([2, 3, 4, 1])
    // Byte n + 2y + 6x of the file is the pixel of image n, row y, column x.
    const second = [0, 1, 2].flatMap((y) => [0, 1, 2, 3].map((x) => 1 + 2 * y + 6 * x))
    expect(Array.from(await set.bytes(Int32Array.of(1)))).toEqual(second)
    await expect(readImages(npy(head, ramp(24)), { limit: 50 })).rejects.toThrow(
      "bytes in C's order, or at most 50 bytes (the option limit), got",
    )
  })

  const values = ramp(24)
  const bad: Record<string, [bytes: Bytes, labels: Bytes | undefined, message: string]> = {
    'too few bytes': [
      idx([3, 2, 4], values.slice(1)),
      undefined,
      'bytes to hold 24 bytes after its head, for shape [3, 2, 4], got 23',
    ],
    'too many bytes': [idx([3, 2, 3], values), undefined, 'for shape [3, 2, 3], got 24'],
    'a head that lies': [
      idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], values),
      undefined,
      'for shape [4294967295, 4294967295, 4294967295], got 24',
    ],
    'half a head': [idx([3, 2, 4], values).slice(0, 9), undefined, 'bytes to have a head of 16 bytes, got 9'],
    'no image': [idx([0, 2, 4], new Uint8Array(0)), undefined, 'bytes to be images [N, height, width]'],
    'labels for images': [idx([24], values), undefined, 'bytes to be images [N, height, width] or'],
    'floats in IDX': [idx([1, 2, 3], values, 13), undefined, 'unsigned bytes (type 8), got type 13'],
    'floats in .npy': [npyOf('1, 2, 3', values, '<f4'), undefined, 'unsigned bytes (uint8), got f4'],
    'a .npy head that lies': [
      npyOf('99999999999, 28, 28', values),
      undefined,
      'bytes to hold 78399999999216 bytes',
    ],
    'a .npy head without an end': [
      Buffer.from('\x93NUMPY\x01\x00\xff\xff{   ', 'latin1'),
      undefined,
      'head of at most 65536 bytes, whole, got 65535',
    ],
    'another version of .npy': [
      Buffer.from('\x93NUMPY\x09\x00\x01\x00{    ', 'latin1'),
      undefined,
      '.npy version 1, 2 or 3, got 9',
    ],
    'too many channels': [npyOf('1, 2, 2, 6', values), undefined, '1 to 4], got [1, 2, 2, 6]'],
    'CIFAR labels out of range': [cifar([[3], [10]]), undefined, 'CIFAR-10 labels, got 10 for image 1'],
    'something else': [
      Buffer.from('%PDF-1.7 '),
      undefined,
      '9 bytes that begin with 25 50 44 46 2d 31 2e 37',
    ],
    nothing: [new Uint8Array(0), undefined, 'got 0 bytes that begin with'],
    'labels of another number': [
      idx([3, 2, 4], values),
      idx([2], values.slice(0, 2)),
      '3 labels, one an image, got 2',
    ],
    'images for labels': [
      idx([3, 2, 4], values),
      idx([3, 2, 4], values),
      'one byte a label, got shape [3, 2, 4]',
    ],
    'float labels': [
      idx([3, 2, 4], values),
      npyOf('3', new Uint8Array(12), '<f4'),
      'integers [N] or [N, 1], got [3]',
    ],
    'negative labels': [
      idx([3, 2, 4], values),
      npyOf('3', Uint8Array.of(0, 255, 0), '|i1'),
      'labels to be integers in [0, 1048576), got -1 for image 1',
    ],
    'labels that no model has room for': [
      idx([1, 2, 4], values.slice(0, 8)),
      npyOf('1', Uint8Array.of(255, 255, 255, 127), '<i4'),
      'labels to be integers in [0, 1048576), got 2147483647 for image 0',
    ],
    'other bytes for labels': [
      idx([3, 2, 4], values),
      Buffer.from('0 1 2'),
      'bytes to be an IDX or .npy file of labels',
    ],
  }
  for (const [name, [bytes, labels, message]] of Object.entries(bad)) {
    it(`refuses ${name}`, async () => {
      const reading = readImages(bytes, labels && { labels })
      await expect(reading).rejects.toThrow(RangeError)
      await expect(reading).rejects.toThrow(`${message}`)
      await expect(reading).rejects.toThrow(/^readImages: expected /)
    })
  }

  it('checks its options', async () => {
    const file = idx([3, 2, 4], values)
    await expect(
      readImages(file, { classes: ['a'], labels: idx([3], Uint8Array.of(0, 1, 0)) }),
    ).rejects.toThrow('labels to be integers in [0, 1), got 1 for image 1')
    await expect(readImages(file, { limit: 0 })).rejects.toThrow('readImages: expected limit > 0, got 0')
    await expect(readImages(file, { split: 'valid' as 'test' })).rejects.toThrow(
      "split to be 'train' or 'test', got 'valid'",
    )
    await expect(readImages('file' as unknown as Bytes)).rejects.toThrow(
      'readImages: expected a Uint8Array, a Blob or a ByteSource, got file',
    )
    const set = await readImages(file)
    expect(set.labels).toBeUndefined()
    for (const index of [-1, 3]) {
      await expect(set.bytes(Int32Array.of(index))).rejects.toThrow(`indices in [0, 3), got ${index}`)
    }
    expect(await set.bytes(all(3))).toEqual(values)
  })
})

describe('gzipped files', () => {
  const file = gzipSync(idx([1, 1000, 1000], new Uint8Array(10 ** 6)))

  it('are stopped at the limit while they inflate', async () => {
    expect(file.length).toBeLessThan(2000)
    await expect(readImages(file, { limit: 10 ** 5 })).rejects.toThrow(
      'readImages: expected bytes to inflate to at most 100000 bytes (the option limit), got 1000016',
    )
    expect((await readImages(file, { limit: 1_000_016 })).length).toBe(1)
  })

  it('must be whole and match their checksum', async () => {
    for (const length of [5, 17, file.length - 9, file.length - 1]) {
      await expect(readImages(file.subarray(0, length))).rejects.toThrow(
        /^readImages: expected bytes to (be a whole gzip file|inflate to at most)/,
      )
    }
    const damaged = gzipSync(idx([1, 20, 20], ramp(400)))
    damaged[damaged.length - 5]! ^= 1
    await expect(readImages(damaged)).rejects.toThrow(
      'bytes to be a whole gzip file, got a truncated or damaged one',
    )
  })

  it('may have a name that is longer than what is read of them first', async () => {
    const plain = gzipSync(idx([1, 2, 2], ramp(4)))
    const named = Buffer.concat([
      plain.subarray(0, 10),
      Buffer.from(`${'a'.repeat(5000)}\0`),
      plain.subarray(10),
    ])
    named[3]! |= 8
    expect((await readImages(named)).shape).toEqual([2, 2, 1])
  })

  it('are compressed once', async () => {
    const twice = gzipSync(gzipSync(idx([3, 2, 4], ramp(24))))
    await expect(readImages(twice)).rejects.toThrow('bytes to be compressed once, got gzip in gzip')
    const images = idx([3, 2, 4], ramp(24))
    const labels = gzipSync(gzipSync(idx([3], Uint8Array.of(0, 1, 0))))
    await expect(readImages(images, { labels })).rejects.toThrow('bytes to be compressed once')
  })
})

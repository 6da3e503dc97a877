import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fixtures from '../../fixtures/files.json'
import { fileSource, openImages } from '../node'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sgm-data-'))
})
afterAll(() => rm(root, { recursive: true }))

/** Writes files under the root and gives the folder's path. */
async function folder(name: string, files: Record<string, Uint8Array | string>): Promise<string> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, name, path)), { recursive: true })
    await writeFile(join(root, name, path), bytes)
  }
  return join(root, name)
}

const images = (...values: number[]) =>
  Uint8Array.of(0, 0, 8, 3, 0, 0, 0, values.length, 0, 0, 0, 1, 0, 0, 0, 1, ...values)
const labels = (...values: number[]) => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, values.length, ...values)
const cifar = (...records: number[]) =>
  Buffer.concat(records.map((label) => Buffer.concat([Uint8Array.of(label), Buffer.alloc(3072, 10 * label)])))
const png = (byte: number, size = 2) =>
  encode({ width: size, height: size, channels: 1, data: new Uint8Array(size * size).fill(byte) })
const first = async (path: string, options = {}) => {
  const set = await openImages(path, options)
  const bytes = await set.bytes(Int32Array.from({ length: set.length }, (_, i) => i))
  const pixels = bytes.length / set.length
  return {
    bytes: Array.from({ length: set.length }, (_, i) => bytes[i * pixels]),
    labels: set.labels && [...set.labels],
  }
}

describe('openImages', () => {
  for (const [kind, ending, as] of [
    ['plain', '', (bytes: Uint8Array) => bytes],
    ['gzipped', '.gz', gzipSync],
  ] as const) {
    it(`opens a folder as MNIST comes, ${kind}`, async () => {
      const path = await folder(`mnist ${kind}`, {
        [`train-images-idx3-ubyte${ending}`]: as(images(5, 6, 7)),
        [`train-labels-idx1-ubyte${ending}`]: as(labels(2, 0, 1)),
        [`t10k-images-idx3-ubyte${ending}`]: as(images(9)),
        [`t10k-labels-idx1-ubyte${ending}`]: as(labels(3)),
      })
      expect(await first(path)).toEqual({ bytes: [5, 6, 7], labels: [2, 0, 1] })
      expect(await first(path, { split: 'test' })).toEqual({ bytes: [9], labels: [3] })
      const file = join(path, `t10k-images-idx3-ubyte${ending}`)
      expect(await first(file)).toEqual({ bytes: [9], labels: [3] })
      expect(await first(file, { labels: false })).toEqual({ bytes: [9], labels: undefined })
      const other = join(path, `train-labels-idx1-ubyte${ending}`)
      await expect(openImages(file, { labels: other })).rejects.toThrow(
        'openImages: expected 1 labels, one an image, got 3',
      )
    })
  }

  it('opens a folder as CIFAR comes', async () => {
    const names = 'plane\ncar\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n'
    const path = await folder('cifar', {
      'data_batch_1.bin': cifar(3, 1),
      'data_batch_2.bin': cifar(4),
      'test_batch.bin': cifar(9, 8),
      'batches.meta.txt': names,
    })
    expect(await first(path)).toEqual({ bytes: [30, 10, 40], labels: [3, 1, 4] })
    expect(await first(path, { split: 'test' })).toEqual({ bytes: [90, 80], labels: [9, 8] })
    expect((await openImages(path)).classes![9]).toBe('truck')
    const set = await openImages(path)
    const bytes = await set.bytes(Int32Array.of(2, 0, 2))
    expect([0, 1, 2].map((i) => new Set(bytes.subarray(3072 * i, 3072 * (i + 1))))).toEqual([
      new Set([40]),
      new Set([30]),
      new Set([40]),
    ])
    const cut = await folder('cut cifar', {
      'data_batch_1.bin': cifar(1),
      'data_batch_2.bin': cifar(2).subarray(1),
    })
    await expect(openImages(cut)).rejects.toThrow(
      'data_batch_2.bin to be records of 3073 bytes, got 3072 bytes',
    )
  })

  it('opens NumPy archives', async () => {
    const path = await folder('npz', { 'set.npz': Buffer.from(fixtures.archives.compressed, 'base64') })
    const set = await openImages(join(path, 'set.npz'), { split: 'test' })
    expect([...set.labels!]).toEqual([1, 0])
  })

  it('opens folders of pictures, with folders in them as classes', async () => {
    const bare = await folder('bare', {
      'b.png': png(2),
      'a.PNG': png(1),
      'readme.txt': '',
      '.hidden.png': '',
    })
    expect(await first(bare)).toEqual({ bytes: [1, 2], labels: undefined })
    const classes = { 'dog/2.png': png(4), 'cat/more/1.png': png(3), 'cat/0.png': png(2), 'none/x.txt': '' }
    const path = await folder('classes', classes)
    expect(await first(path)).toEqual({ bytes: [2, 3, 4], labels: [0, 0, 1] })
    expect((await openImages(path)).classes).toEqual(['cat', 'dog'])
    expect(await first(path, { labels: false })).toEqual({ bytes: [2, 3, 4], labels: undefined })
    expect((await openImages(path, { size: 5, channels: 3 })).shape).toEqual([5, 5, 3])
    const split = await folder('split', {
      'train/a/0.png': png(1),
      'test/a/0.png': png(2),
      'test/b/0.png': png(3),
    })
    expect(await first(split)).toEqual({ bytes: [1], labels: [0] })
    expect(await first(split, { split: 'test' })).toEqual({ bytes: [2, 3], labels: [0, 1] })
  })

  it('says what it misses', async () => {
    await expect(openImages(join(root, 'nowhere'))).rejects.toThrow(
      /^openImages: expected a file or folder, got .*nowhere/,
    )
    const other = await folder('other', { 'notes.txt': 'x' })
    await expect(openImages(other)).rejects.toThrow(
      /PNG or JPEG files of the split train in .*other, got notes.txt/,
    )
    await expect(openImages(join(other, 'notes.txt'))).rejects.toThrow(
      /notes.txt to be an IDX, .npy, .npz or CIFAR file, got 1 bytes that begin with 78/,
    )
    await expect(openImages(other, { split: 'dev' as 'test' })).rejects.toThrow(
      "split to be 'train' or 'test', got 'dev'",
    )
    const both = await folder('both', { 'a.png': png(1), 'b/c.png': png(1) })
    await expect(openImages(both)).rejects.toThrow(
      /pictures either in .*both or in folders in it, got a.png and/,
    )
    const sizes = await folder('sizes', { 'a.png': png(1), 'b.png': png(1, 3) })
    await expect(openImages(sizes)).rejects.toThrow(
      /one size \(2×2, as .*a.png\) or the option size, got 3×3 for .*b.png/,
    )
  })

  it('notices a file that has become shorter', async () => {
    const path = await folder('shrunk', { 'images.idx': images(1, 2, 3), 'a.png': png(1) })
    const set = await openImages(join(path, 'images.idx'))
    await truncate(join(path, 'images.idx'), 17)
    expect(await set.bytes(Int32Array.of(0))).toEqual(Uint8Array.of(1))
    await expect(set.bytes(Int32Array.of(0, 2))).rejects.toThrow(/images.idx to keep its 19 bytes, got 18/)
  })
})

describe('fileSource', () => {
  it('reads pieces anywhere in a file', async () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256)
    const source = await fileSource(join(await folder('source', { file: bytes }), 'file'))
    expect(source.length).toBe(1000)
    const places = Array.from({ length: 200 }, (_, i) => (i * 37) % 990)
    const pieces = await source.read(places, 10)
    expect(Array.from(pieces)).toEqual(places.flatMap((place) => [...bytes.subarray(place, place + 10)]))
  })
})

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ve } from '@sgm/sde'
import { key, normal, tensor } from '@sgm/tensor'
import { decode } from 'fast-png'
import { expect, it } from 'vitest'
import { movie, pixelGrid, writeImageGrid, writePoints } from './pictures'
import { temporaryFolder } from './testing'

const folder = await temporaryFolder()

it('lays images out in rows, enlarged, between black and white', async () => {
  // Two images of 1×2 pixels, one below the other: zoom 4, gap 4.
  const x = tensor([-1, 0, 1, 3], [2, 1, 2, 1])
  const { width, height, channels, data } = await pixelGrid(x, 1, [-1, 1])
  expect([width, height, channels]).toEqual([4 + 8 + 4, 4 + 4 + 4 + 4 + 4, 1])
  const at = (row: number, column: number) => data[row * width + column]
  expect([at(0, 0), at(4, 4), at(7, 7), at(4, 8), at(7, 11), at(4, 12)]).toEqual([96, 0, 0, 128, 128, 96])
  expect([at(12, 4), at(12, 8), at(15, 11)]).toEqual([255, 255, 255])
})

it('writes PNGs of images and of points', async () => {
  const path = join(folder, 'deep/images.png')
  await writeImageGrid(path, tensor([0, 0.5, 1, 1, 0, 0], [1, 1, 2, 3]), 1, [0, 1])
  const png = decode(await readFile(path))
  const pixel = (row: number, column: number) =>
    [0, 1, 2].map((c) => png.data[(row * png.width + column) * png.channels + c])
  expect([pixel(5, 5), pixel(5, 9)]).toEqual([[0, 128, 255], [255, 0, 0]]) // biome-ignore format: pixels
  const points = join(folder, 'points.png')
  await writePoints(points, tensor([[0, 0], [1, 2]])) // biome-ignore format: rows
  expect(decode(await readFile(points)).width).toBe(960)
})

it('films states on their way, noise at the contrast of the data', async () => {
  const process = ve({ sigmaMax: 10 })
  for (const [range, x] of [
    [[0, 1], normal(key(0), [4, 5, 5, 1])],
    [null, normal(key(0), [9, 2])],
  ] as const) {
    // biome-ignore format: cases
    const film = movie(process, range)
    await film.add(x, 1)
    await film.add(x, 0.5)
    const path = join(folder, `${range ? 'images' : 'points'}.gif`)
    await film.write(path)
    const bytes = await readFile(path)
    expect(bytes.subarray(0, 6).toString()).toBe('GIF89a')
    // One graphic control block a frame.
    expect(bytes.toString('latin1').split('\x21\xf9\x04').length - 1).toBe(2)
  }
})

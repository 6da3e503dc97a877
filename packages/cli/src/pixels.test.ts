import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tensor } from '@sgm/tensor'
import { decode } from 'fast-png'
import { expect, it } from 'vitest'
import { pixelGrid, writeImageGrid } from './pixels'
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

it('writes images as a PNG', async () => {
  const path = join(folder, 'deep/images.png')
  await writeImageGrid(path, tensor([0, 0.5, 1, 1, 0, 0], [1, 1, 2, 3]), 1, [0, 1])
  const png = decode(await readFile(path))
  const pixel = (row: number, column: number) =>
    [0, 1, 2].map((c) => png.data[(row * png.width + column) * png.channels + c])
  expect([pixel(5, 5), pixel(5, 9)]).toEqual([[0, 128, 255], [255, 0, 0]]) // biome-ignore format: pixels
})

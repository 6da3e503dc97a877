import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ve } from '@sgm/sde'
import { key, normal, tensor } from '@sgm/tensor'
import { decode } from 'fast-png'
import { expect, it } from 'vitest'
import { movie, writePoints } from './figures'
import { temporaryFolder } from './testing'

const folder = await temporaryFolder()

it('writes points as a PNG', async () => {
  const path = join(folder, 'points.png')
  await writePoints(path, tensor([[0, 0], [1, 2]])) // biome-ignore format: rows
  expect(decode(await readFile(path)).width).toBe(960)
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

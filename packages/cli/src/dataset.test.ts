import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { key } from '@sgm/tensor'
import { encode } from 'fast-png'
import { expect, it } from 'vitest'
import { openDataset } from './dataset'
import { temporaryFolder } from './testing'

const folder = await temporaryFolder()

/** Black, with a white square in the middle. */
function picture(width: number, height: number): Uint8Array {
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    return Math.abs(2 * x + 1 - width) < 4 && Math.abs(2 * y + 1 - height) < 4 ? 255 : 0
  })
  return encode({ width, height, data, channels: 1 })
}

it('makes pictures of many sizes alike where it is told a size, and says so where it is not', async () => {
  const photos = join(folder, 'my photos')
  await mkdir(photos)
  await writeFile(join(photos, 'a.png'), picture(8, 8))
  await writeFile(join(photos, 'b.png'), picture(12, 8))
  await expect(openDataset(photos)).rejects.toThrow(
    `pictures of one size (8×8, as ${join(photos, 'a.png')}) or --data '${photos}:SIZE', got 12×8`,
  )
  const data = await openDataset(`${photos}:8`)
  expect(data).toMatchObject({ shape: [8, 8, 1], length: 2 })
  // The middle of the wider one is the other.
  const [a, b] = await Promise.all(
    [0, 1].map(async (i) => (await data.take(i, 1, key(0), { range: [0, 1] })).data()),
  )
  expect(b).toEqual(a)
  await expect(openDataset(`${join(folder, 'nothing')}:8`)).rejects.toThrow('or a file or folder that exists')
})

it('says how large a table may be, of which no option tells', async () => {
  const table = join(folder, 'large.csv')
  await writeFile(table, '')
  await truncate(table, 2 ** 28 + 1)
  await expect(openDataset(table)).rejects.toThrow(
    /^sgm: expected .*large\.csv to be at most 268435456 bytes, got 268435457$/,
  )
})

import { key } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { glyphs } from '../glyphs'
import { cached } from './cached'

it('cached asks for each image once and gives the same', async () => {
  const set = glyphs({ count: 20, key: key(0), size: 8, channels: 3 })
  const asked: number[] = []
  const kept = cached({
    ...set,
    bytes(indices) {
      asked.push(...indices)
      return set.bytes(indices)
    },
  })
  expect({ length: kept.length, shape: kept.shape, labels: kept.labels, classes: kept.classes }).toEqual({
    length: 20,
    shape: [8, 8, 3],
    labels: set.labels,
    classes: set.classes,
  })
  for (const list of [[3, 1], [1, 19, 3], [3], [0, 1]]) {
    expect(await kept.bytes(Int32Array.from(list))).toEqual(set.bytes(Int32Array.from(list)))
  }
  expect(asked).toEqual([3, 1, 19, 0])
  const changed = await kept.bytes(Int32Array.of(0))
  changed.fill(0)
  expect(await kept.bytes(Int32Array.of(0))).toEqual(set.bytes(Int32Array.of(0)))
  await expect(kept.bytes(Int32Array.of(20))).rejects.toThrow('cached: expected indices in [0, 20), got 20')
})

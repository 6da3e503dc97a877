import { memory, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { extentOf, read, readList, readRows } from './read'

const rows = { values: [1, 2, 3, 4, 5, 6], shape: [3, 2] }
const flat = async (source: Parameters<typeof read>[2]) => {
  const { values, shape } = await read('f', 'x', source)
  return { values: [...(values as number[])], shape }
}

describe('read', () => {
  it('takes the same numbers from anywhere', async () => {
    const nested = [
      [1, 2],
      [3, 4],
      [5, 6],
    ]
    for (const source of [
      tensor(nested),
      nested,
      rows,
      nested.map((row) => Float32Array.from(row)),
      nested.map((row) => tensor(row)),
    ]) {
      expect(await flat(source)).toEqual(rows)
    }
    expect(await flat(Uint8Array.of(1, 2))).toEqual({ values: [1, 2], shape: [2] })
  })

  it('leaves tensors to their owner', async () => {
    const x = tensor([1, 2])
    const before = memory().tensors
    await read('f', 'x', [x, x])
    expect(memory().tensors).toBe(before)
    expect([...(await x.data())]).toEqual([1, 2])
    x.dispose()
  })

  it('names what does not fit', async () => {
    await expect(read('scatter', 'points', 'abc' as never)).rejects.toThrow(
      'scatter: expected points to be a tensor or numbers, got abc',
    )
    await expect(read('f', 'x', [[1, 2], [3]])).rejects.toThrow(
      'f: expected entries of x of one shape [2], got [1]',
    )
    await expect(read('f', 'x', [1, 'a'] as never)).rejects.toThrow('f: expected x to be numbers, got a')
    await expect(read('f', 'x', { values: [1, 2, 3], shape: [2, 2] })).rejects.toThrow(
      'f: expected 4 values for x of shape [2, 2], got 3',
    )
  })
})

describe('readRows and readList', () => {
  it('check shapes', async () => {
    expect((await readRows('f', 'x', Float32Array.of(1, 2, 3, 4), 2)).shape).toEqual([2, 2])
    expect((await readRows('f', 'x', [], 2)).shape).toEqual([0, 2])
    await expect(readRows('f', 'x', [[1, 2, 3]], 2)).rejects.toThrow(
      'f: expected x of shape [n, 2], got [1, 3]',
    )
    await expect(readRows('f', 'x', [1, 2, 3], 2)).rejects.toThrow('f: expected x of shape [n, 2], got [3]')
    await expect(readList('f', 'steps', [1, 2], 3)).rejects.toThrow('f: expected 3 steps, got 2')
  })
})

describe('extentOf', () => {
  it('is that of the finite values', () => {
    expect(extentOf([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3])
    expect(extentOf([1, 10, 2, 20], 1, 2)).toEqual([10, 20])
    expect(extentOf([Number.NaN])).toBeUndefined()
    expect(extentOf([])).toBeUndefined()
  })
})

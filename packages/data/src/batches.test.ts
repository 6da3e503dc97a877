import { dispose, foldIn, key, range, reshape, type Tensor, tensor, tidy } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { batches, stream } from './batches'
import { twoMoons } from './toy'

let rows: Tensor
beforeAll(() => {
  rows = tidy(() => reshape(range(0, 10), [10, 1]))
})

async function values(x: Tensor): Promise<number[]> {
  const list = Array.from(await x.data())
  x.dispose()
  return list
}

describe('batches', () => {
  it('gives each row at most once an epoch, in an order of its own', async () => {
    const data = batches(rows, { size: 3, key: key(0) })
    expect(data.perEpoch).toBe(3)
    const epochs: number[][] = []
    for (let epoch = 0; epoch < 40; epoch++) {
      const seen: number[] = []
      for await (const x of data.epoch(epoch)) seen.push(...(await values(x)))
      expect(new Set(seen).size).toBe(9)
      epochs.push(seen)
    }
    expect(new Set(epochs.map(String)).size).toBe(40)
    // The row left out changes: 40 epochs leave any one in with chance (9/10)⁴⁰ each, and all but a few are left out once.
    const left = epochs.map((seen) => 45 - seen.reduce((a, b) => a + b, 0))
    expect(new Set(left).size).toBeGreaterThan(7)
  })

  it('depends on the step alone: any order of asking, any restart', async () => {
    const first = batches(rows, { size: 4, key: key(1) })
    const straight: number[][] = []
    for (let step = 0; step < 9; step++) straight.push(await values(await first(step)))
    const second = batches(rows, { size: 4, key: key(1) })
    for (const step of [8, 0, 5, 5, 2]) expect(await values(await second(step))).toEqual(straight[step])
    const other = batches(rows, { size: 4, key: key(2) })
    expect(await values(await other(0))).not.toEqual(straight[0])
  })

  it('keeps the order without shuffling', async () => {
    const data = batches(rows, { size: 5, key: key(0), shuffle: false })
    expect(await values(await data(3))).toEqual([5, 6, 7, 8, 9])
    expect(await values(await data(4))).toEqual([0, 1, 2, 3, 4])
  })

  it('keeps named tensors together', async () => {
    const labels = tensor(new Int32Array([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]))
    const data = batches({ x: rows, labels }, { size: 4, key: key(3) })
    const { x, labels: picked } = await data(1)
    expect(picked!.dtype).toBe('int32')
    const wanted = (await values(x!)).map((v) => 10 * v)
    expect(await values(picked!)).toEqual(wanted)
  })

  it('reads any source of rows', async () => {
    const asked: number[][] = []
    const source = {
      length: 6,
      rows: async (indices: Int32Array) => {
        asked.push([...indices])
        return tensor(Float32Array.from(indices))
      },
    }
    const data = batches(source, { size: 2, key: key(4) })
    const all = [
      ...(await values(await data(0))),
      ...(await values(await data(1))),
      ...(await values(await data(2))),
    ]
    expect(asked.flat()).toEqual(all)
    expect([...all].sort()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('leaves nothing alive but the batch', async () => {
    const data = batches(rows, { size: 4, key: key(1) })
    await expectNoLeaks(async () => data(7))
  })

  it('checks what it gets', async () => {
    expect(() => batches(rows, { size: 11, key: key(0) })).toThrow(
      'batches: expected size to be an integer in [1, 10], got 11',
    )
    expect(() => batches(rows, { size: 0, key: key(0) })).toThrow('got 0')
    const short = tensor([1, 2])
    expect(() => batches({ rows, short }, { size: 1, key: key(0) })).toThrow(
      'batches: expected tensors of one length, got [10,1] and [2]',
    )
    dispose(short)
    await expect(batches(rows, { size: 1, key: key(0) })(-1)).rejects.toThrow(
      'step to be an integer >= 0, got -1',
    )
  })
})

describe('stream', () => {
  it('draws anew for every step, from the key and the step alone', async () => {
    const data = stream(twoMoons, { size: 3, key: key(5) })
    expect(await values(data(2))).toEqual(await values(twoMoons(foldIn(key(5), 2), 3)))
    expect(await values(data(2))).not.toEqual(await values(data(3)))
    expect(() => stream(twoMoons, { size: 0, key: key(0) })).toThrow(
      'stream: expected size to be an integer >= 1, got 0',
    )
  })
})

import { key, normal, pad, reshape, stack, type Tensor, zerosLike } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { conv } from './conv'
import { firDown, upNearest } from './resample'
import { downConv, upConv } from './resample-conv'

const channels = { inputs: 2, outputs: 3 }
const p = { 'a.weight': normal(key(1), [3, 3, 2, 3]), 'a.bias': normal(key(2), [3]) }
const x = normal(key(3), [2, 4, 4, 2])
const whole = conv('a', channels)

/** The values at rows and columns `start`, `start` + 2, …, or around whose edges rows and columns are missing. */
async function everyOther(y: Tensor, start: number): Promise<number[]> {
  const values = await y.data()
  const [, height, width, depth] = y.shape as [number, number, number, number]
  return Array.from(values).filter((_, i) => {
    const [row, column] = [Math.floor(i / (width * depth)) % height, Math.floor(i / depth) % width]
    return row >= start && column >= start && (row - start) % 2 === 0 && (column - start) % 2 === 0
  })
}

describe('downConv', () => {
  it('is every other value of a convolution: of the odd ones where zeros are at the end, else of the even ones', async () => {
    const all = whole.apply(p, x)
    await expectNear(downConv('a', { ...channels, fir: false }).apply(p, x), await everyOther(all, 1))
    await expectNear(downConv('a', { ...channels, fir: false }, 'both').apply(p, x), await everyOther(all, 0))
  })

  it('with FIR is the filter, then every other value of a convolution', async () => {
    const smoothed = downConv('a', { ...channels, fir: true }).apply(p, x)
    expect(smoothed.shape).toEqual([2, 2, 2, 3])
    // Away from the borders the order does not matter: the convolution first, then filtered and halved.
    const large = normal(key(4), [1, 12, 12, 2])
    const first = downConv('a', { ...channels, fir: true }).apply(p, large)
    const last = firDown(whole.apply(p, large))
    const inner = async (y: Tensor) => {
      const values = await y.data()
      return Array.from(values).filter((_, i) => {
        const [row, column] = [Math.floor(i / 18), Math.floor(i / 3) % 6]
        return Math.min(row, column) >= 2 && Math.max(row, column) <= 3
      })
    }
    await expectNear(await inner(first), await inner(last))
  })
})

describe('upConv', () => {
  it('is nearest neighbours, then a convolution', async () => {
    await expectNear(upConv('a', { ...channels, fir: false }).apply(p, x), whole.apply(p, upNearest(x)))
  })

  it('with FIR convolves zeros between the pixels, then filters', async () => {
    const y = upConv('a', { ...channels, fir: true }).apply(p, x)
    expect(y.shape).toEqual([2, 8, 8, 3])
    const spread = (v: Tensor, axis: number): Tensor => {
      const pair = stack([v, zerosLike(v)], axis + 1)
      return reshape(
        pair,
        v.shape.map((n, i) => (i === axis ? 2 * n : n)),
      )
    }
    // One more row and column on the far side of the zeros, as the published code's transposed convolution has.
    const zeros = pad(spread(spread(x, 1), 2), [
      [0, 0],
      [2, 0],
      [2, 0],
      [0, 0],
    ])
    const bare = { ...p, 'a.bias': zerosLike(p['a.bias']) }
    const convolved = conv('a', { ...channels, padding: 'valid' }).apply(
      bare,
      pad(zeros, [
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 0],
      ]),
    )
    expect(convolved.shape).toEqual([2, 9, 9, 3])
    const values = await convolved.data()
    const bias = await p['a.bias'].data()
    const taps = [1 / 4, 3 / 4, 3 / 4, 1 / 4]
    const at = (b: number, i: number, j: number, c: number): number =>
      i < 0 || j < 0 || i > 8 || j > 8 ? 0 : values[((b * 9 + i) * 9 + j) * 3 + c]!
    const wanted = Array.from({ length: 2 * 8 * 8 * 3 }, (_, n) => {
      const [b, i, j, c] = [Math.floor(n / 192), Math.floor(n / 24) % 8, Math.floor(n / 3) % 8, n % 3]
      return taps.reduce(
        (s, a, k) => s + taps.reduce((r, e, l) => r + a * e * at(b, i + k - 1, j + l - 1, c), 0),
        bias[c]!,
      )
    })
    await expectNear(y, wanted)
  })
})

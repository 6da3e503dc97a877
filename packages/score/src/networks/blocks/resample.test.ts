import { key, normal, type Tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, it } from 'vitest'
import { downMean, firBlur, firDown, firSmooth, firUp, type Resample, upNearest } from './resample'

const shape = [2, 4, 6, 3] as const
const x = normal(key(1), shape)

/**
 * Zeros between the pixels, `before` and `after` rows and columns of zeros, taps along both axes, every `down`-th
 * place.
 */
function upfirdn(
  values: ArrayLike<number>,
  taps: readonly number[],
  up: number,
  down: number,
  [before, after]: readonly [number, number],
): number[] {
  const [batch, height, width, channels] = shape
  const out: number[] = []
  const places = (n: number) => Math.floor((n * up + before + after - taps.length) / down) + 1
  const pixel = (b: number, i: number, j: number, c: number): number => {
    const [row, column] = [(i - before) / up, (j - before) / up]
    const inside = row >= 0 && row < height && column >= 0 && column < width
    if (!inside || !Number.isInteger(row) || !Number.isInteger(column)) return 0
    return values[((b * height + row) * width + column) * channels + c]!
  }
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < places(height); i++) {
      for (let j = 0; j < places(width); j++) {
        for (let c = 0; c < channels; c++) {
          let sum = 0
          for (const [k, a] of taps.entries()) {
            for (const [l, e] of taps.entries()) sum += a * e * pixel(b, i * down + k, j * down + l, c)
          }
          out.push(sum)
        }
      }
    }
  }
  return out
}

const FIR = [1 / 8, 3 / 8, 3 / 8, 1 / 8]
const doubled = FIR.map((v) => 2 * v)
const cases: [string, Resample, readonly number[], number, number, readonly [number, number]][] = [
  ['upNearest', upNearest, [1, 1], 2, 1, [1, 0]],
  ['downMean', downMean, [1 / 2, 1 / 2], 1, 2, [0, 0]],
  ['firUp', firUp, doubled, 2, 1, [2, 1]],
  ['firDown', firDown, FIR, 1, 2, [1, 1]],
  ['firBlur', firBlur, FIR, 1, 1, [2, 2]],
  ['firSmooth', firSmooth, doubled, 1, 1, [1, 1]],
]

describe.each(cases)('%s', (_, resample, taps, up, down, pads) => {
  it('is its filter written out', async () => {
    const y: Tensor = resample(x)
    await expectNear(y, upfirdn(await x.data(), taps, up, down, pads))
  })
})

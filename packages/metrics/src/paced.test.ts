import { key, type LongCallOptions, neg, normal, type Progress, type Tensor, zeros } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import {
  c2st,
  coverage,
  effectiveSampleSize,
  energyDistance,
  frechetDistance,
  modeWeights,
  moments,
  psnr,
  rHat,
  slicedWasserstein,
  squaredMmd,
  ssim,
} from '.'

const x = normal(key(0), [30, 2])
const y = normal(key(1), [20, 2])
const chains = normal(key(3), [2, 10, 5])
const images = normal(key(4), [6, 12, 12, 1])

const calls: readonly [
  string,
  number,
  (x: Tensor, y: Tensor, options?: LongCallOptions) => Promise<unknown>,
][] = [
  ['c2st', 40, c2st],
  ['coverage', 50, (_x, _y, options) => coverage(chains, zeros([10, 5]), options)],
  ['effectiveSampleSize', 5, (_x, _y, options) => effectiveSampleSize(chains, options)],
  ['energyDistance', 80, energyDistance],
  ['frechetDistance', 51, frechetDistance],
  ['modeWeights', 30, modeWeights],
  ['moments', 30, (x, _y, options) => moments(x, options)],
  ['psnr', 6, (_x, _y, options) => psnr(images, neg(images), options)],
  ['rHat', 5, (_x, _y, options) => rHat(chains, options)],
  ['squaredMmd', 80, squaredMmd],
  ['ssim', 6, (_x, _y, options) => ssim(images, neg(images), options)],
  [
    'slicedWasserstein',
    7,
    (x, y, options) => slicedWasserstein(x, y, { key: key(2), projections: 7, ...options }),
  ],
]

describe.each(calls)('%s', (_, steps, call) => {
  it(`tells of its ${steps} steps, and finds the same when no one listens`, async () => {
    const told: Progress[] = []
    const found = await call(x, y, { onProgress: (progress) => told.push(progress) })
    expect(told).toEqual(Array.from({ length: steps }, (_, i) => ({ index: i + 1, steps })))
    expect(await call(x, y)).toEqual(found)
  })

  it('ends when told to, before it begins and on its way', async () => {
    const stopped = AbortSignal.abort(new Error('enough'))
    await expect(call(x, y, { signal: stopped })).rejects.toThrow('enough')
    const stop = new AbortController()
    let last = 0
    const onProgress = ({ index }: Progress): void => {
      last = index
      if (index === 3) stop.abort(new Error('now'))
    }
    await expect(call(x, y, { signal: stop.signal, onProgress })).rejects.toThrow('now')
    expect(last).toBe(3)
  })
})

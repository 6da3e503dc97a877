import { key, type LongCallOptions, normal, type Progress, type Tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { c2st, energyDistance, slicedWasserstein, squaredMmd } from '.'

const x = normal(key(0), [30, 2])
const y = normal(key(1), [20, 2])

const calls: readonly [
  string,
  number,
  (x: Tensor, y: Tensor, options?: LongCallOptions) => Promise<unknown>,
][] = [
  ['c2st', 40, c2st],
  ['energyDistance', 80, energyDistance],
  ['squaredMmd', 80, squaredMmd],
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

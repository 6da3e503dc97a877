import { edm, processPresets } from '@sgm/sde'
import { dispose, key, normal, tensor, tidy } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { bind } from './networks/network'
import { edmPreconditioned } from './parametrisation/edm'
import { type NetworkTarget, networkPresets, predictionPresets } from './presets'

const target = (shape: readonly number[], more: Partial<NetworkTarget> = {}): NetworkTarget => ({
  shape,
  width: 32,
  blocks: 1,
  classes: 0,
  process: processPresets.ve.make(),
  centered: false,
  ...more,
})

describe('networkPresets', () => {
  it.each(Object.entries(networkPresets))(
    '%s is one for the data that it says it fits',
    async (_, preset) => {
      expect(Object.hasOwn(processPresets, preset.sde)).toBe(true)
      expect(Object.hasOwn(predictionPresets, preset.predict)).toBe(true)
      for (const shape of [[17, 17, 1], [16, 16, 3], [15, 15, 1], [4, 6, 1], [2]]) {
        if (!preset.fits(shape)) {
          expect(() => preset.make(target(shape))).toThrow(RangeError)
          continue
        }
        const told = predictionPresets[preset.predict]
        const classes = 'tells' in told ? 3 : 0
        const network = preset.make(target(shape, { classes }))
        const parameters = network.init(key(0))
        const [x, t] = [normal(key(1), [2, ...shape]), tensor([0.2, 0.9])]
        const y = tidy(() => bind(network, parameters)(x, t))
        expect(y.shape).toEqual(classes > 0 ? [2, classes] : x.shape)
        expect((await y.data()).every(Number.isFinite)).toBe(true)
        dispose([parameters, x, t, y])
      }
    },
  )

  it('small sees large images in squares of two by two pixels', () => {
    const channelsSeen = (side: number) =>
      networkPresets.small.make(target([side, side, 1])).shapes['input.weight']![2]
    expect([28, 32, 47, 64].map(channelsSeen)).toEqual([1, 1, 1, 4])
    const network = networkPresets.small.make(target([50, 50, 1]))
    expect(network.shapes['output.conv.weight']!.at(-1)).toBe(4)
  })

  it('says what does not fit in the words of what was asked', () => {
    const { tutorial, small, ddpm, mlp } = networkPresets
    expect(() => tutorial.make(target([16, 16, 1]))).toThrow(
      'expected images of 17×17 pixels or more, got 16×16',
    )
    expect(() => tutorial.make(target([28, 28, 1], { width: 16 }))).toThrow(
      'expected width to be a multiple of 32, got 16',
    )
    expect(() => small.make(target([16, 16, 1], { width: 30 }))).toThrow(
      'expected width to be a multiple of 4, got 30',
    )
    expect(() => ddpm.make(target([16, 16, 1], { width: 72 }))).toThrow(
      'expected width to be a multiple of 16, got 72',
    )
    expect(() => ddpm.make(target([4, 6, 1]))).toThrow('expected square images, got data of shape 4×6×1')
    expect(() => mlp.make(target([2], { classes: 3 }))).toThrow('a network for images')
  })
})

describe('predictionPresets', () => {
  it('tells networks the noise level in the times they are given', () => {
    const process = edm()
    const { toScore, seen } = predictionPresets.edm
    const told: Promise<ArrayLike<number>>[] = []
    const t = tensor([0.01, 3, 80])
    const score = toScore((x, c) => {
      told.push(seen(process).marginalAt(c).sigma.data())
      return x
    }, process)
    const x = normal(key(0), [3, 2])
    expect(score(x, t).shape).toEqual([3, 2])
    dispose(edmPreconditioned((y) => y, process)(x, t))
    return Promise.all(told).then(([sigmas]) => {
      for (const [i, sigma] of [0.01, 3, 80].entries()) expect(sigmas![i]! / sigma).toBeCloseTo(1, 4)
    })
  })

  it.each(Object.entries(processPresets))(
    'gives a classifier the data of %s at unit variance, with times in [0, 1]',
    async (_, { make }) => {
      const process = make()
      const [start, end] = [process.cutOffs.train, process.interval[1]]
      const times = [start, (start + end) / 2, end]
      const t = tensor(times)
      // One row of ±√(α²/4 + σ²) a level, as data of deviation ½ are there.
      const deviations = times.map((time) => {
        const { alpha, sigma } = process.marginal(time)
        return Math.sqrt(alpha ** 2 / 4 + sigma ** 2)
      })
      const x = tensor(deviations.map((deviation) => [deviation, -deviation]))
      const logits = predictionPresets.logits.toScore((y, s) => {
        seen.push(y.data(), s.data())
        return y
      }, process)
      const seen: Promise<ArrayLike<number>>[] = []
      dispose(logits(x, t))
      const [data, levels] = (await Promise.all(seen)).map((values) => Array.from(values))
      for (const [i, value] of data!.entries()) expect(value).toBeCloseTo(i % 2 ? -1 : 1, 5)
      for (const [i, level] of levels!.entries()) {
        expect(level).toBeCloseTo(process.marginal(times[i]!).sigma / deviations[i]!, 5)
      }
      dispose([x, t])
    },
  )
})

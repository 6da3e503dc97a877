import { processPresets } from '@sgm/sde'
import { dispose, key, normal, tensor, tidy } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { type NetworkTarget, networkPresets } from './network-presets'
import { bind } from './networks/network'
import { predictionPresets } from './prediction-presets'

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
    expect(() => ddpm.make(target([4, 6, 1]))).toThrow('expected square images, got images of shape 4×6×1')
    expect(() => ddpm.make(target([2]))).toThrow('expected square images, got points of 2 coordinates')
    for (const preset of Object.values(networkPresets)) {
      const told = () => preset.make(target([32, 32, 1], { classes: 2, augmentations: 9 }))
      if ('regularizes' in preset) expect(told().shapes['augmentation.weight']![0]).toBe(9)
      else expect(() => preset.make(target([32, 32, 1], { dropout: 0.1 }))).toThrow('dropout')
      if (!('regularizes' in preset))
        expect(told).toThrow('a U-Net of ddpm, ddpmpp or ncsnpp with augmentations or dropout')
    }
    expect(() => mlp.make(target([2], { classes: 3 }))).toThrow('a network for images')
  })
})

import { key, normal, tensor } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { readFixture } from './fixture'
import { countParameters } from './network'
import { refineNet } from './refine-net'

const { parameters, values, metadata } = readFixture('ncsnv2')
const network = refineNet({ size: 8, width: 3 })
const t = tensor([0, 1])

describe('refineNet', () => {
  it('computes what the published code does with the same weights', async () => {
    await expectNear(
      expectNoLeaks(() => network.apply(parameters, values.x!, t)),
      values.y!,
      1e-4,
    )
  })

  it('has the published parameters', () => {
    expect(countParameters(refineNet())).toBe(Number(metadata.count))
    expect(countParameters(refineNet())).toBe(29_694_083)
    expect(Object.keys(network.shapes).sort()).toEqual(Object.keys(parameters).sort())
  })

  it('draws them as PyTorch does, and its norms around 1', async () => {
    const drawn = refineNet({ width: 16 }).init(key(1))
    const weight = Array.from(await drawn['down.3.1.conv1.weight']!.data(), (v) => v * Math.sqrt(9 * 32))
    expect(Math.max(...weight.map(Math.abs))).toBeLessThanOrEqual(1)
    const gammas = Array.from(await drawn['down.3.1.norm1.gamma']!.data())
    // Standard error of the mean of 32 numbers of deviation 0.02.
    expect(Math.abs(gammas.reduce((a, b) => a + b, 0) / 32 - 1)).toBeLessThan((4 * 0.02) / Math.sqrt(32))
    expect(new Set(await drawn['down.3.1.norm1.beta']!.data())).toEqual(new Set([0]))
  })

  it('sees images in [0, 1] as those in [−1, 1] where they are not centred', async () => {
    const x = await values.x!.data()
    const doubled = tensor(
      Float32Array.from(x, (v) => 2 * v - 1),
      values.x!.shape,
    )
    const centered = refineNet({ size: 8, width: 3, centered: true })
    await expectNear(centered.apply(parameters, doubled, t), values.y!, 1e-4)
  })

  it('refuses what does not fit', () => {
    expect(() => refineNet({ size: 31 })).toThrow(
      'refineNet: expected size / 2 to be an integer >= 1, got 15.5',
    )
    expect(() => refineNet({ width: 1 })).toThrow('refineNet: expected width to be an integer >= 2, got 1')
    expect(() => refineNet({ channels: 0 })).toThrow('channels to be an integer >= 1, got 0')
    expect(() => network.apply(parameters, normal(key(0), [2, 8, 8, 1]), t)).toThrow(
      'refineNet: expected images',
    )
  })
})

import { key, mul, normal, slice, tensor } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { classifierGuidance, labelLogLikelihood } from '../guidance/classifier'
import { bind } from './network'
import { noiseClassifier } from './noise-classifier'

const network = noiseClassifier({ classes: 3, size: 8, channels: 2, width: 8, multipliers: [1, 2] })
const parameters = network.init(key(1))
const x = normal(key(2), [4, 8, 8, 2])
const t = tensor([0.1, 0.3, 0.6, 0.9])

describe('noiseClassifier', () => {
  it('gives logits, a row for each image by itself', async () => {
    const logits = expectNoLeaks(() => network.apply(parameters, x, t))
    expect(logits.shape).toEqual([4, 3])
    const alone = network.apply(parameters, slice(x, [2, 0, 0, 0], [1, -1, -1, -1]), tensor([0.6]))
    await expectNear(alone, (await logits.data()).slice(6, 9))
  })

  it('is told the time', async () => {
    const [early, late] = [0.1, 0.9].map((s) => network.apply(parameters, x, tensor([s, s, s, s])))
    expect(await early!.data()).not.toEqual(await late!.data())
  })

  it('reads images of any scale', async () => {
    const bare = { ...parameters, 'input.bias': tensor(new Float32Array(8)) }
    const larger = Array.from(await network.apply(bare, mul(x, 1e4), t).data())
    const same = Array.from(await network.apply(bare, mul(x, 1e5), t).data())
    await expectNear(same, larger, 1e-2)
    expect(larger.every(Number.isFinite)).toBe(true)
  })

  it('guides a score towards its labels', async () => {
    const labels = tensor([0, 1, 2, 0], [4], 'int32')
    const likelihood = labelLogLikelihood(bind(network, parameters), labels)
    const guided = classifierGuidance((y) => mul(y, 0), likelihood)
    const slope = await guided(x, t).data()
    const moved = tensor(
      Float32Array.from(await x.data(), (v, i) => v + 1e-2 * slope[i]!),
      x.shape,
    )
    const [before, after] = [await likelihood(x, t).data(), await likelihood(moved, t).data()]
    for (const [i, value] of after.entries()) {
      // To first order, a step h along the gradient g gains h‖g‖².
      const gain = 1e-2 * Array.from(slope.slice(i * 128, (i + 1) * 128)).reduce((sum, v) => sum + v * v, 0)
      expect(Math.abs(value - before[i]! - gain)).toBeLessThan(0.05 * gain + 1e-6)
    }
  })

  it('refuses what does not fit', () => {
    expect(() => noiseClassifier({ classes: 1 })).toThrow(
      'noiseClassifier: expected classes to be an integer >= 2',
    )
    expect(() => noiseClassifier({ size: 30 })).toThrow('size to be a multiple of 4, got 30')
    expect(() => noiseClassifier({ width: 12 })).toThrow('width / 8 to be an integer >= 1, got 1.5')
    expect(() => noiseClassifier({ multipliers: [] })).toThrow('at least one of multipliers')
    expect(() => noiseClassifier({ multipliers: [1, 0] })).toThrow(
      'multipliers[1] to be an integer >= 1, got 0',
    )
  })
})

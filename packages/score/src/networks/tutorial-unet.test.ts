import { sigmaT } from '@sgm/sde'
import { key, mul, type NamedTensors, normal, sumRows, tensor, valueAndGrad } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { scaledScorePrediction } from '../parametrisation/predictions'
import { readFixture } from './fixture'
import { bind, countParameters } from './network'
import { tutorialUnet } from './tutorial-unet'

const small = { widths: [4, 8, 8, 16], groups: [2, 4], embedding: 8 } as const
const { parameters, values, metadata } = readFixture('tutorial-unet')

describe('tutorialUnet', () => {
  it('computes what PyTorch does with the same weights', async () => {
    await expectNear(tutorialUnet(small).apply(parameters, values.x!, values.t!), values.y!, 2e-5)
  })

  it('has the published parameters', () => {
    expect(countParameters(tutorialUnet())).toBe(Number(metadata.count))
    const { shapes } = tutorialUnet(small)
    expect(Object.keys(shapes).sort()).toEqual(Object.keys(parameters).sort())
    for (const [name, shape] of Object.entries(shapes)) expect(parameters[name]!.shape).toEqual(shape)
  })

  it('draws them as PyTorch does: uniform within 1/√fan-in, norms at 1 and 0', async () => {
    const drawn = tutorialUnet().init(key(1))
    const bounds = {
      'time.linear.weight': 256,
      'time.linear.bias': 256,
      'down.1.conv.weight': 9 * 32,
      'up.1.conv.weight': 9 * 32,
      'up.0.conv.bias': 9,
    }
    for (const [name, fanIn] of Object.entries(bounds)) {
      const numbers = Array.from(await drawn[name]!.data(), (v) => v * Math.sqrt(fanIn))
      expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(1)
      const moment = numbers.reduce((s, v) => s + v * v, 0) / numbers.length
      // The mean of n squares of uniforms on (−1, 1) is 1/3 with standard error √(4/45/n).
      expect(Math.abs(moment - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / numbers.length))
    }
    expect(new Set(await drawn['down.3.norm.weight']!.data())).toEqual(new Set([1]))
    expect(new Set(await drawn['down.3.norm.bias']!.data())).toEqual(new Set([0]))
    const frequencies = await drawn['time.frequencies']!.data()
    const square = Array.from(frequencies).reduce((s, v) => s + v * v, 0) / frequencies.length
    expect(Math.abs(square / 900 - 1)).toBeLessThan(4 * Math.sqrt(2 / frequencies.length))
  })

  it('undoes its strides at every size', () => {
    for (const size of [17, 18, 20, 32]) {
      const network = tutorialUnet({ ...small, size, channels: 2 })
      const x = normal(key(1), [1, size, size, 2])
      const drawn = network.init(key(0))
      const t = tensor([0.5])
      expect(expectNoLeaks(() => network.apply(drawn, x, t)).shape).toEqual([1, size, size, 2])
    }
  })

  it('has parameter gradients that agree with finite differences', async () => {
    const network = tutorialUnet({ ...small, size: 17 })
    const start = network.init(key(2))
    const x = normal(key(3), [2, 17, 17, 1])
    const t = tensor([0.1, 0.8])
    const probe = normal(key(4), [2, 17, 17, 1])
    const loss = (p: NamedTensors) => sumRows(mul(network.apply(p, x, t), probe))
    const total = async (p: NamedTensors) => Array.from(await loss(p).data()).reduce((a, b) => a + b, 0)
    const { gradient } = valueAndGrad<NamedTensors, []>(loss)(start)
    for (const name of [
      'time.linear.weight',
      'down.0.conv.weight',
      'down.2.norm.weight',
      'up.1.conv.weight',
    ]) {
      const exact = await gradient[name]!.data()
      const numbers = await start[name]!.data()
      const moved = (h: number) => {
        const shifted = Float32Array.from(numbers, (v, i) => v + h * Math.sign(exact[i]!))
        return { ...start, [name]: tensor(shifted, start[name]!.shape) }
      }
      const measured = ((await total(moved(1e-3))) - (await total(moved(-1e-3)))) / 2e-3
      const along = Array.from(exact).reduce((s, v) => s + Math.abs(v), 0)
      // Truncation is of third order in h; rounding is 1e-6 of values near 10, over h.
      expect(Math.abs(measured - along)).toBeLessThan(0.01 * along)
    }
  })

  it('over the noise level is the published score', async () => {
    const process = sigmaT()
    const score = scaledScorePrediction.score(tutorialUnet(small), process)
    expect(score.shapes).toEqual(tutorialUnet(small).shapes)
    const [raw, t] = [await values.y!.data(), await values.t!.data()]
    const side = raw.length / 2
    const sigma = Array.from(t, (s) => Math.sqrt((25 ** (2 * s) - 1) / (2 * Math.log(25))))
    await expectNear(
      bind(score, parameters)(values.x!, values.t!),
      Array.from(raw, (v, i) => v / sigma[Math.floor(i / side)]!),
      2e-4,
    )
  })

  it('takes classes, and none as one of its own', async () => {
    const network = tutorialUnet({ ...small, classes: 3 })
    const drawn = network.init(key(5))
    const at = (labels?: number[]) =>
      network.apply(drawn, values.x!, values.t!, labels && tensor(labels, [2], 'int32')).data()
    expect(await at()).toEqual(await at([3, 3]))
    const [none, first, mixed] = [await at(), await at([0, 0]), await at([0, 2])]
    const half = first.length / 2
    expect(mixed.slice(0, half)).toEqual(first.slice(0, half))
    expect(mixed.slice(half)).not.toEqual(first.slice(half))
    expect(first).not.toEqual(none)
    expect(() => network.apply(drawn, values.x!, values.t!, tensor([0, 1]))).toThrow('labels int32 [B]')
  })

  it('refuses what does not fit', () => {
    expect(() => tutorialUnet({ size: 16 })).toThrow(
      'tutorialUnet: expected size to be an integer >= 17, got 16',
    )
    expect(() => tutorialUnet({ channels: 0 })).toThrow('channels to be an integer >= 1, got 0')
    expect(() => tutorialUnet({ widths: [32, 64, 100, 256] })).toThrow(
      'tutorialUnet: expected widths[2] to be a multiple of 32 groups, got 100',
    )
    expect(() => tutorialUnet({ embedding: 5 })).toThrow('embedding / 2 to be an integer >= 1, got 2.5')
    expect(() => tutorialUnet({ scale: 0 })).toThrow('tutorialUnet: expected scale > 0, got 0')
    expect(() => tutorialUnet({ classes: 0 })).toThrow(
      'tutorialUnet: expected classes to be an integer >= 1, got 0',
    )
    const network = tutorialUnet(small)
    expect(() => network.apply(parameters, normal(key(0), [2, 28, 27, 1]), values.t!)).toThrow(
      'tutorialUnet: expected images [B, 28, 28, 1], got [2, 28, 27, 1]',
    )
    expect(() => network.apply(parameters, values.x!, tensor([1]))).toThrow(
      'tutorialUnet: expected t of shape [2], got [1]',
    )
  })
})

import { ve } from '@sgm/sde'
import {
  key,
  type NamedTensors,
  normal,
  ones,
  reshape,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import type { Condition } from '../types'
import { fromScoreSde } from '../weights/score-sde'
import { ddpm } from './ddpm'
import { ddpmpp } from './ddpmpp'
import { readFixture } from './fixture'
import { ncsnpp } from './ncsnpp'
import { countParameters } from './network'
import type { UnetOptions } from './unet-options'

const small: UnetOptions = { size: 8, width: 4, multipliers: [1, 2], blocks: 1, attention: [4] }
const skip: UnetOptions = { progressiveInput: 'skip', progressiveOutput: 'skip' }
const published = [
  { name: 'ncsnpp', make: ncsnpp, options: {} },
  { name: 'ncsnpp-skip', make: ncsnpp, options: skip },
  { name: 'ddpmpp', make: ddpmpp, options: {} },
  { name: 'ddpm', make: ddpm, options: { upAttention: 'last' } as UnetOptions },
]

describe.each(published)('the reference’s $name', ({ name, make, options }) => {
  const { parameters: state, values, metadata } = readFixture(`score-sde-${name}`)
  const network = make({ ...small, ...options })

  it('computes the same with the same weights', async () => {
    const parameters = expectNoLeaks(() => fromScoreSde(network, state))
    const told = await values.told!.data()
    // The reference is told σ(t), or 999 t; a network here t.
    const rate = Math.log(50 / 0.01)
    const t = tensor(Array.from(told, (v) => (make === ncsnpp ? Math.log(v / 0.01) / rate : v / 999)))
    const y = expectNoLeaks(() => network.apply(parameters, values.x!, t))
    await expectNear(y, values.y!, 1e-4)
  })

  it('has as many parameters at the published size', () => {
    expect(countParameters(make(options))).toBe(Number(metadata.count))
  })
})

describe('the published networks', () => {
  it('have the published numbers of parameters', () => {
    // Ho et al. 2020, section 4: 35.7 million. The others are those of the reference code's models.
    expect(countParameters(ddpm())).toBe(35_746_307)
    expect(countParameters(ddpmpp())).toBe(61_804_419)
    expect(countParameters(ddpmpp({ blocks: 8 }))).toBe(106_632_579)
    expect(countParameters(ncsnpp())).toBe(62_758_915)
    expect(countParameters(ncsnpp({ blocks: 8 }))).toBe(107_587_075)
  })

  it('start near zero, whatever they are shown', async () => {
    for (const make of [ddpm, ddpmpp, ncsnpp]) {
      const network = make(small)
      const parameters = network.init(key(0))
      const y = await network.apply(parameters, normal(key(1), [2, 8, 8, 3]), tensor([0.2, 0.9])).data()
      expect(Math.max(...y.map(Math.abs))).toBeLessThan(1e-3)
    }
  })

  it('draw their weights with the variance of their fans', async () => {
    const parameters = ddpm({ size: 8, width: 32, multipliers: [1, 2], blocks: 1, attention: [4] }).init(
      key(2),
    )
    const variances: Record<string, number> = {
      'time.linear1.weight': 2 / (32 + 128),
      'down.1.0.block.conv1.weight': 2 / (9 * (32 + 64)),
      'down.1.0.block.shortcut.weight': 0.1 * (2 / (32 + 64)),
      'down.1.0.attention.query.weight': 0.1 * (2 / (64 + 64)),
    }
    for (const [name, variance] of Object.entries(variances)) {
      const numbers = Array.from(await parameters[name]!.data())
      const measured = numbers.reduce((s, v) => s + v * v, 0) / numbers.length
      // The mean of n squares of uniforms has relative standard error √(4/5/n).
      expect(Math.abs(measured / variance - 1)).toBeLessThan(4 * Math.sqrt(0.8 / numbers.length))
      expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3 * variance) * 1.0001)
    }
    const last = await parameters['output.conv.weight']!.data()
    expect(Math.max(...last.map(Math.abs))).toBeLessThan(1e-5)
  })

  it('are told the noise level of their process', async () => {
    const network = ncsnpp({ ...small, process: ve({ sigmaMin: 0.02, sigmaMax: 2 }) })
    const other = ncsnpp({ ...small, process: ve({ sigmaMin: 0.2, sigmaMax: 20 }) })
    const parameters = rough(network.init(key(3)))
    const x = normal(key(4), [1, 8, 8, 3])
    // Both have σ = 0.2 there.
    const [a, b] = [network.apply(parameters, x, tensor([0.5])), other.apply(parameters, x, tensor([0]))]
    await expectNear(a, b, 1e-4)
    const elsewhere = network.apply(parameters, x, tensor([0.4]))
    expect(await elsewhere.data()).not.toEqual(await a.data())
  })

  it('take classes, and none as one of its own', async () => {
    for (const make of [ddpm, ddpmpp, ncsnpp]) {
      const network = make({ ...small, classes: 2 })
      const parameters = rough(network.init(key(5)))
      const x = normal(key(6), [2, 8, 8, 3])
      const at = (labels?: number[]) =>
        network.apply(parameters, x, tensor([0.3, 0.6]), labels && tensor(labels, [2], 'int32')).data()
      const [none, null_, first, mixed] = [await at(), await at([2, 2]), await at([0, 0]), await at([0, 1])]
      expect(none).toEqual(null_)
      expect(none).not.toEqual(first)
      const half = first.length / 2
      expect(mixed.slice(0, half)).toEqual(first.slice(0, half))
      expect(mixed.slice(half)).not.toEqual(first.slice(half))
    }
  })

  it('are told how images were altered, alone and beside classes, and untold take them for unaltered', async () => {
    const x = normal(key(6), [2, 8, 8, 3])
    const t = tensor([0.3, 0.6])
    const altered = tensor([0, 0, 0, 1, -2, 0.5], [2, 3])
    const labels = tensor([0, 1], [2], 'int32')
    for (const make of [ddpm, ddpmpp, ncsnpp]) {
      const network = make({ ...small, augmentations: 3, classes: 2 })
      expect(network.shapes['augmentation.weight']![0]).toBe(3)
      const fresh = network.init(key(5))
      expect(Math.max(...(await fresh['augmentation.weight']!.data()))).toBe(0)
      const parameters = {
        ...rough(fresh),
        'augmentation.weight': normal(key(7), fresh['augmentation.weight']!.shape),
      }
      const of = (condition?: Condition) => network.apply(parameters, x, t, condition).data()
      const [plain, told] = [await of(labels), await of({ class_labels: labels, augmentation: altered })]
      expect(await of({ class_labels: labels, augmentation: zeros([2, 3]) })).toEqual(plain)
      const half = plain.length / 2
      expect(told.slice(0, half)).toEqual(plain.slice(0, half))
      expect(told.slice(half)).not.toEqual(plain.slice(half))
      expect(() => network.apply(parameters, x, t, { augmentation: zeros([2, 9]) })).toThrow(
        'augmentation: expected numbers [B, 3], got [2, 9]',
      )
    }
    const unlabelled = ddpm({ ...small, augmentations: 3 })
    const parameters = rough(unlabelled.init(key(5)))
    const alone = unlabelled.apply(parameters, x, t, altered)
    await expectNear(unlabelled.apply(parameters, x, t, { augmentation: altered }), await alone.data(), 1e-6)
    const labelled = ddpm({ ...small, classes: 2 })
    expect(() => labelled.apply(labelled.init(key(5)), x, t, { augmentation: altered })).toThrow(
      'ddpm: expected no augmentation, for the network was made without augmentations',
    )
  })

  it.each([
    ['ddpm', ddpm],
    ['ncsnpp, whose halving blocks drop too', ncsnpp],
  ])('drop numbers by masks of their key in training, and none without: %s', async (_, make) => {
    const [plain, network] = [make(small), make({ ...small, dropout: 0.25 })]
    expect(plain.draw).toBeUndefined()
    expect(network.shapes).toEqual(plain.shapes)
    const draws = expectNoLeaks(() => network.draw!(key(1), 40))
    const blocks = Object.keys(network.shapes).filter((name) => name.endsWith('.conv2.weight'))
    expect(Object.keys(draws).sort()).toEqual(
      blocks.map((name) => name.replace('conv2.weight', 'dropout')).sort(),
    )
    for (const [name, mask] of Object.entries(draws)) {
      expect(mask.shape[3]).toBe(network.shapes[name.replace('dropout', 'conv2.weight')]![2])
      const values = await mask.data()
      const kept = values.filter((value) => value > 0)
      expect(kept.every((value) => value === Math.fround(1 / 0.75))).toBe(true)
      const deviation = Math.sqrt(0.25 * 0.75 * values.length)
      expect(Math.abs(kept.length - 0.75 * values.length)).toBeLessThan(4.5 * deviation)
      const fewer = await network.draw!(key(1), 3)[name]!.data()
      expect(values.slice(0, fewer.length)).toEqual(fewer)
    }
    const parameters = rough(network.init(key(5)))
    const x = normal(key(6), [2, 8, 8, 3])
    const t = tensor([0.3, 0.6])
    const of = (drawn?: NamedTensors) => network.apply(parameters, x, t, undefined, drawn).data()
    const untouched = await plain.apply(parameters, x, t).data()
    expect(await of()).toEqual(untouched)
    const [two, other] = [network.draw!(key(2), 2), network.draw!(key(3), 2)]
    const dropped = await of(two)
    expect(await of(two)).toEqual(dropped)
    expect(dropped).not.toEqual(untouched)
    expect(await of(other)).not.toEqual(dropped)
    // Masks of nothing but ones drop nothing.
    const whole = Object.fromEntries(Object.entries(two).map(([name, mask]) => [name, ones(mask.shape)]))
    await expectNear(network.apply(parameters, x, t, undefined, whole), untouched, 1e-6)
    expect(() => network.apply(parameters, x, t, undefined, {})).toThrow('what the network drew, got no')
    expect(() => network.apply(parameters, x, t, undefined, draws)).toThrow(/dropout to be of shape|\[2,/)
  })

  it('see images in [0, 1] as those in [−1, 1] where they are not centred', async () => {
    const parameters = rough(ddpm(small).init(key(7)))
    const x = normal(key(8), [1, 8, 8, 3])
    const values = await x.data()
    const halved = tensor(
      Float32Array.from(values, (v) => (v + 1) / 2),
      x.shape,
    )
    const t = tensor([0.4])
    await expectNear(
      ddpm({ ...small, centered: false }).apply(parameters, halved, t),
      ddpm(small).apply(parameters, x, t),
      1e-4,
    )
  })

  it('see squares of pixels as one pixel of more channels', async () => {
    const patched = ddpm({ ...small, size: 16, channels: 1, patch: 2 })
    const plain = ddpm({ ...small, size: 8, channels: 4 })
    expect(patched.shapes).toEqual(plain.shapes)
    const parameters = rough(plain.init(key(9)))
    const x = normal(key(10), [2, 8, 8, 4])
    const t = tensor([0.4, 0.7])
    // Rows and columns of each square from its channels, and back.
    const unfold = (folded: Tensor): Tensor =>
      reshape(transpose(reshape(folded, [2, 8, 8, 2, 2]), [0, 1, 3, 2, 4]), [2, 16, 16, 1])
    await expectNear(patched.apply(parameters, unfold(x), t), unfold(plain.apply(parameters, x, t)), 1e-6)
  })

  it('refuse what does not fit', () => {
    const refused: [UnetOptions, string][] = [
      [{ size: 30 }, 'ncsnpp: expected size to be a multiple of 8, got 30'],
      [{ patch: 3 }, 'ncsnpp: expected size to be a multiple of 24, got 32'],
      [{ patch: 0 }, 'patch'],
      [{ size: 0 }, 'size to be an integer >= 1, got 0'],
      [{ width: 6 }, 'width to be a multiple of 4 > 0, got 6'],
      [{ width: 132 }, 'width to be a multiple of 32 > 0, got 132'],
      [{ multipliers: [] }, 'at least one of multipliers, got none'],
      [{ multipliers: [1, 0] }, 'multipliers[1] > 0, got 0'],
      [{ blocks: 1.5 }, 'blocks to be an integer >= 1, got 1.5'],
      [{ augmentations: 0 }, 'ncsnpp: expected augmentations to be an integer >= 1, got 0'],
      [{ dropout: 1 }, 'ncsnpp: expected dropout in [0, 1), got 1'],
      [{ classes: -1 }, 'ncsnpp: expected classes to be an integer >= 1, got -1'],
      [{ fourierScale: -1 }, 'ncsnpp: expected fourierScale > 0, got -1'],
      [{ embedding: 'positional', timeScale: 0 }, 'ncsnpp: expected timeScale > 0, got 0'],
      [{ embedding: 'none' as 'fourier' }, "embedding to be 'positional' or 'fourier', got 'none'"],
      [
        { progressiveInput: 'cat' as 'skip' },
        "progressiveInput to be 'none' or 'skip' or 'residual', got 'cat'",
      ],
    ]
    for (const [options, message] of refused) expect(() => ncsnpp(options), message).toThrow(message)
  })
})

/** Parameters whose every path counts: those that start near zero are made as large as the others. */
function rough(parameters: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value], i) => {
      const small = /conv2|output/.test(name) && name.endsWith('weight') && value.shape.length > 1
      return [name, small ? normal(key(100 + i), value.shape) : value]
    }),
  )
}

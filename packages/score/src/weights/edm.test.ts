import { edm } from '@sgm/sde'
import { add, key, mul, type NamedTensors, reshape, square, tensor } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { readFixture } from '../networks/fixture'
import { bind } from '../networks/network'
import { edmPreconditioned } from '../parametrisation/edm'
import { fromEdm } from './edm'

const options = { headChannels: 4 }

describe.each(['ddpmpp', 'ddpmpp-classes', 'ncsnpp', 'ncsnpp-skip', 'adm'])('EDM’s %s', (name) => {
  const { parameters: tensors, values } = readFixture(`edm-${name}`)
  const { x, told, sigma, labels } = values

  it('computes the same with the same weights', async () => {
    const { network, parameters } = expectNoLeaks(() => fromEdm(tensors, options))
    const y = expectNoLeaks(() => network.apply(parameters, x!, told!, labels))
    await expectNear(y, values.y!, 1e-4)
    if (values.unlabelled) await expectNear(network.apply(parameters, x!, told!), values.unlabelled, 1e-4)
  })

  it('gives the published denoiser as its score', async () => {
    const { network, parameters } = fromEdm(tensors, options)
    const score = edmPreconditioned(bind(network, parameters, labels), edm())
    const variance = square(reshape(sigma!, [-1, 1, 1, 1]))
    // EDM's time is σ, and D(x; σ) = x + σ² s.
    const denoised = add(x!, mul(score(x!, sigma!), variance))
    await expectNear(denoised, values.denoised!, 1e-3)
  })

  it('starts like the others where it is drawn anew', async () => {
    const { network } = fromEdm(tensors, options)
    const y = network.apply(network.init(key(0)), x!, told!, labels)
    expect(Math.max(...(await y.data()).map(Math.abs))).toBeLessThan(1e-3)
  })
})

describe('fromEdm', () => {
  const { parameters: tensors } = readFixture('edm-ddpmpp')

  it('takes a state without the prefix, in any order', async () => {
    const bare = Object.entries(tensors).map(([name, value]) => [name.slice('model.'.length), value] as const)
    const { network } = fromEdm(Object.fromEntries(bare.reverse()))
    expect(network.shapes).toEqual(fromEdm(tensors).network.shapes)
  })

  it('refuses what is no network of EDM, and leaves nothing in memory', () => {
    const { 'model.enc.8x8_block0.conv0.weight': first, ...less } = tensors
    const cases: [NamedTensors, string][] = [
      [{}, 'fromEdm: expected a network of EDM'],
      [{ 'conv.weight': tensor([1]) }, 'fromEdm: expected a network of EDM'],
      [less, 'fromEdm: expected a tensor enc.8x8_block0.conv0.weight, got none'],
      [{ ...tensors, 'model.more': tensor([1]) }, 'fromEdm: expected no other tensors, got more'],
      [{ ...tensors, 'model.map_layer0.weight': tensor([1]) }, 'a tensor map_layer0.weight of rank 2, got 1'],
      [
        { ...tensors, 'model.enc.4x4_block0.qkv.bias': tensor([1, 2, 3, 4]) },
        'fromEdm: expected enc.4x4_block0.qkv.bias to have rows in threes, got 4',
      ],
      [
        { ...readFixture('edm-ddpmpp-classes').parameters, 'model.map_label.bias': tensor([1, 2]) },
        'fromEdm: expected map_label.bias of shape [4], got [2]',
      ],
    ]
    for (const [wrong, message] of cases) {
      expectNoLeaks(() => {
        expect(() => fromEdm(wrong)).toThrow(message)
      })
    }
    expect(first).toBeDefined()
    expect(() => fromEdm(tensors, { headChannels: 0 })).toThrow('fromEdm: expected headChannels')
    const adm = readFixture('edm-adm').parameters
    expect(() => fromEdm(adm)).toThrow('fromEdm: expected headChannels to divide 8 channels, got 64')
  })
})

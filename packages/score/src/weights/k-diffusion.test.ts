import { edm } from '@sgm/sde'
import { add, log, mul, type NamedTensors, reshape, square, tensor } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { readFixture } from '../networks/fixture'
import { bind } from '../networks/network'
import { edmPreconditioned } from '../parametrisation/edm'
import { fromKDiffusion } from './k-diffusion'

// Of the fixtures' small networks.
const narrow = { headChannels: 4, groupChannels: 4 }

describe.each([
  ['plain', { size: 8, ...narrow }],
  ['patches', { size: 16, patch: 2, ...narrow }],
])('k-diffusion’s %s', (name, options) => {
  const { parameters: tensors, values } = readFixture(`k-diffusion-${name}`)
  const { x, sigma } = values

  it('computes the same with the same weights', async () => {
    const { network, parameters } = expectNoLeaks(() => fromKDiffusion(tensors, options))
    const told = mul(log(sigma!), 0.25)
    const y = expectNoLeaks(() => network.apply(parameters, x!, told))
    await expectNear(y, values.y!, 1e-4)
  })

  it('gives the published denoiser as its score', async () => {
    const { network, parameters } = fromKDiffusion(tensors, options)
    const score = edmPreconditioned(bind(network, parameters), edm())
    const variance = square(reshape(sigma!, [-1, 1, 1, 1]))
    const denoised = add(x!, mul(score(x!, sigma!), variance))
    await expectNear(denoised, values.denoised!, 1e-3)
  })
})

describe('fromKDiffusion', () => {
  const { parameters: tensors } = readFixture('k-diffusion-plain')

  it('takes the names of the network, of its denoiser and of the augmentation within', () => {
    const { network } = fromKDiffusion(tensors, { size: 8 })
    for (const prefix of ['', 'inner_model.inner_model.']) {
      const renamed = Object.entries(tensors).map(([name, value]) => [
        name.replace('inner_model.', prefix),
        value,
      ])
      expect(fromKDiffusion(Object.fromEntries(renamed), { size: 8 }).network.shapes).toEqual(network.shapes)
    }
  })

  it('refuses what is no such network, and leaves nothing in memory', () => {
    const { 'inner_model.u_net.u_blocks.0.0.main.2.weight': _, ...less } = tensors
    const cases: [NamedTensors, object, string][] = [
      [{}, { size: 8 }, 'fromKDiffusion: expected a tensor proj_in.weight, got none'],
      [less, { size: 8 }, 'expected a tensor u_net.u_blocks.0.0.main.2.weight, got none'],
      [{ ...tensors, more: tensor([1]) }, { size: 8 }, 'expected no other tensors, got more'],
      [
        { ...tensors, 'u_net.d_blocks.0.2.kv_proj.weight': tensor([1]) },
        { size: 8 },
        'without cross-attention',
      ],
      [tensors, { size: 7 }, 'fromKDiffusion: expected size to be a multiple of 2, got 7'],
      [tensors, { size: 8, patch: 2 }, 'a patch whose square divides 3 channels, got 2'],
      [tensors, {}, 'fromKDiffusion: expected size'],
    ]
    for (const [wrong, options, message] of cases) {
      expectNoLeaks(() => {
        expect(() => fromKDiffusion(wrong, options as { size: number })).toThrow(message)
      })
    }
  })
})

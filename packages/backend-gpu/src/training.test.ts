import { sdeDenoising } from '@sgm/losses'
import { eulerMaruyama, sample } from '@sgm/samplers'
import {
  ddpm,
  ddpmpp,
  gaussianMixture,
  mlp,
  type Network,
  ncsnpp,
  tutorialUnet,
  type UnetOptions,
} from '@sgm/score'
import { vp } from '@sgm/sde'
import { compile, foldIn, key, normal, type Tensor, useBackend } from '@sgm/tensor'
import { train } from '@sgm/train'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { openGpu } from './index'

const gpu = await openGpu()

afterAll(() => gpu.close())
afterEach(async () => {
  vi.restoreAllMocks()
  await useBackend('wasm')
})

const small: UnetOptions = { size: 8, width: 4, multipliers: [1, 2], blocks: 1, attention: [4] }

const networks: readonly (readonly [string, Network, readonly number[], steps: number])[] = [
  ['an MLP', mlp({ hidden: [16, 16] }), [32, 2], 10],
  [
    "the tutorial's U-Net",
    tutorialUnet({ widths: [4, 8, 8, 16], groups: [2, 4], embedding: 8 }),
    [2, 28, 28, 1],
    3,
  ],
  ['DDPM', ddpm(small), [2, 8, 8, 3], 2],
  ['DDPM++', ddpmpp(small), [2, 8, 8, 3], 2],
  ['NCSN++', ncsnpp(small), [2, 8, 8, 3], 2],
]

describe.each(networks)('%s', (_name, model, shape, steps) => {
  test('trains on the GPU as it does eagerly', async () => {
    const run = async (compiled: boolean) => {
      const training = train({
        model,
        loss: sdeDenoising(),
        data: (step) => normal(foldIn(key(1), step), shape),
        steps,
        key: key(0),
        ...(compiled && { compile: gpu.executor() }),
      })
      const losses: number[] = []
      for await (const { loss } of training) losses.push(loss)
      return losses
    }
    const [eager, onGpu] = [await run(false), await run(true)]
    for (const [i, loss] of eager.entries())
      expect(Math.abs(onGpu[i]! - loss)).toBeLessThan(2e-4 * Math.abs(loss))
  })
})

describe('a sampling loop', () => {
  const process = vp()
  const exact = gaussianMixture().diffused(process)
  const drawn = (score: Parameters<typeof sample>[0]['score']) =>
    sample({ process, score }, eulerMaruyama(), {
      key: key(5),
      shape: [64, 2],
      steps: 40,
      denoise: 'none',
      finite: false,
    })

  test('reads nothing back, and ends where it ends elsewhere', async () => {
    const wanted = await (await drawn(exact.score)).data()
    await useBackend('webgpu')
    const score = compile((x: Tensor, t: Tensor) => exact.score(x, t), { executor: gpu.executor() })
    await (await drawn(score)).data()
    const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
    const x = await drawn(score)
    expect(read).not.toHaveBeenCalled()
    const got = await x.data()
    for (const [i, value] of got.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(5e-3)
    await score.dispose()
  })
})

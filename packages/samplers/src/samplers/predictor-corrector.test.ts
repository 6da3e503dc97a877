import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { dispose, key, type Tensor } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { sample } from '../run/trajectory'
import { ancestral } from './ancestral'
import { hmc } from './hmc'
import { langevin } from './langevin'
import { predictorCorrector } from './predictor-corrector'

const process = vp()
const target = gaussian().diffused(process)

it('corrects M times where it is, then predicts: N(M + 1) evaluations, the noise-free mean last', async () => {
  const times: number[] = []
  const score = (x: Tensor, t: Tensor) => {
    times.push(Math.round(1000 * (t as unknown as { dataSync(): Float32Array }).dataSync()[0]!) / 1000)
    return target.score(x, t)
  }
  const run = async (denoise: 'mean' | 'none') => {
    times.length = 0
    const sampler = predictorCorrector(ancestral(), langevin({ snr: 0.16 }), { correctorSteps: 2 })
    expect(sampler.evaluationsPerStep).toBe(3)
    const x = await sample({ process, score }, sampler, {
      key: key(0),
      shape: [1, 2],
      times: [1, 0.5, 0.25],
      denoise,
    })
    const values = await x.data()
    dispose(x)
    return values
  }
  const mean = await run('mean')
  expect(times).toEqual([1, 1, 1, 0.5, 0.5, 0.5])
  expect(mean).not.toEqual(await run('none'))
})

it('takes any pair and says its options', async () => {
  const problem = { process, ...target }
  const sampler = predictorCorrector(ancestral(), hmc({ leapfrogSteps: 2 }))
  expect(sampler.evaluationsPerStep).toBe(3)
  let acceptance = 0
  const x = await sample(problem, sampler, {
    key: key(0),
    shape: [50, 2],
    steps: 3,
    onProgress: ({ stats }) => {
      acceptance = stats.acceptance!
    },
  })
  dispose(x)
  expect(acceptance).toBeGreaterThan(0.9)
  expect(() => predictorCorrector(ancestral(), langevin(), { correctorSteps: 0.5 })).toThrow(
    'predictorCorrector: expected correctorSteps to be an integer >= 0, got 0.5',
  )
})

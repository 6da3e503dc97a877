/// <reference path="../../../../vitest.shared.ts" />
import { gaussian, gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { dispose, key, mul, type Tensor, tensor, useBackend } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { expect, it } from 'vitest'
import { sample } from '../run/trajectory'
import { type AdaptiveSdeOptions, adaptiveSde } from './adaptive-sde'

const process = vp()
const target = gaussian({ mean: [0.5], covariance: 0.25 }).diffused(process)
const rows = 400

async function run(options: AdaptiveSdeOptions, steps = 1) {
  let evaluations = 0
  let rejected = 0
  const x = await expectNoLeaks(() =>
    sample({ process, ...target }, adaptiveSde(options), {
      key: key(2),
      shape: [rows, 1],
      steps,
      onProgress: (progress) => {
        evaluations = progress.evaluations
        rejected = progress.stats.rejected!
      },
    }),
  )
  const values = Array.from(await x.data())
  dispose(x)
  const mean = values.reduce((total, v) => total + v, 0) / rows
  return { evaluations, rejected, variance: values.reduce((total, v) => total + (v - mean) ** 2, 0) / rows }
}

it('costs more the less error is allowed, and is right in one dimension however much it rejects', async () => {
  const tolerance = 5 * 0.25 * Math.sqrt(2 / rows)
  const loose = await run({ tolerance: 0.05 })
  const tight = await run({ tolerance: 0.01 })
  expect(tight.evaluations).toBeGreaterThan(1.5 * loose.evaluations)
  expect(loose.rejected).toBeGreaterThan(0.2)
  expect(Math.abs(loose.variance - 0.25)).toBeLessThan(tolerance)
  expect(Math.abs(tight.variance - 0.25)).toBeLessThan(tolerance)
  const stops = await run({ tolerance: 0.05 }, 5)
  expect(Math.abs(stops.variance - 0.25)).toBeLessThan(tolerance)
})

it('gives up on a score that is not finite', async () => {
  const score = (x: Tensor) => tensor([[Number.NaN]], x.shape)
  await expectNoLeaks(async () => {
    await expect(sample({ process, score }, adaptiveSde(), { key: key(0), shape: [1, 1] })).rejects.toThrow(
      /^adaptiveSde: expected a finite error, got NaN in row 0, from time 1 to 0\.\d+$/,
    )
  })
})

it('takes the same steps when the score is rounded otherwise, but for a few rows', async () => {
  const end = async (rounding: number) => {
    const score = (x: Tensor, t: Tensor) => mul(target.score(x, t), 1 + rounding)
    const options = { key: key(4), shape: [rows, 1] }
    const x = await sample({ process, score }, adaptiveSde(), options)
    const values = Array.from(await x.data())
    dispose(x)
    return values
  }
  const plain = await end(0)
  // as much as engines differ by
  for (const rounding of [2e-7, -4e-7]) {
    const moved = (await end(rounding)).filter((v, i) => Math.abs(v - plain[i]!) > 1e-4).length
    expect(moved / rows).toBeLessThan(0.05)
  }
})

it('gives the same samples on WASM as on the host, row by row', async () => {
  const { score } = gaussianMixture({
    means: [
      [-1, 0],
      [1, 0.5],
    ],
    weights: [1, 2],
  }).diffused(process)
  const ends = async (backend: 'cpu' | 'wasm'): Promise<number[]> => {
    await useBackend(backend)
    const x = await sample({ process, score }, adaptiveSde(), { key: key(3), shape: [rows, 2] })
    const values = Array.from(await x.data())
    dispose(x)
    return values
  }
  const onWasm = await ends('wasm')
  const onCpu = await ends('cpu')
  const apart = onCpu.filter((v, i) => Math.abs(v - onWasm[i]!) > 1e-5).length
  // two in a thousand, should an error lie between two eighths
  expect(apart).toBeLessThanOrEqual((2 * rows) / 500)
})

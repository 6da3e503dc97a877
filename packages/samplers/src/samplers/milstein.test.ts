import { type ItoSDE, itoSde } from '@sgm/sde'
import { dispose, type Key, key, mul, normal, tensor, zerosLike } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { sample } from '../run/trajectory'
import type { Sampler } from '../types'
import { eulerMaruyama } from './euler-maruyama'
import { milstein } from './milstein'

const [mu, sigma] = [0.5, 0.8]
const rows = 1000
/** Geometric Brownian motion. With score 0 its reverse has drift (2σ² − μ)x, so x = x_T exp((3σ²/2 − μ) + σ w). */
const geometric = itoSde({
  interval: [0, 1],
  drift: (x) => mul(x, mu),
  diffusion: (x) => mul(x, sigma),
})

/** Root mean square of the error at the end of n steps, against the solution on the same path. */
async function strongError(sampler: Sampler<ItoSDE>, n: number): Promise<number> {
  const x = tensor(new Float32Array(rows).fill(1), [rows, 1])
  const drawn: Key[] = []
  const end = await sample({ process: geometric, score: zerosLike }, sampler, {
    key: key(n),
    x,
    steps: n,
    denoise: 'none',
    normal: (source, shape) => {
      drawn.push(source)
      return normal(source, shape)
    },
  })
  const path = new Float64Array(rows)
  for (const source of drawn) {
    const z = normal(source, [rows, 1])
    const increments = await z.data()
    for (let i = 0; i < rows; i++) path[i]! += increments[i]! / Math.sqrt(n)
    dispose(z)
  }
  const values = await end.data()
  dispose([x, end])
  const errors = path.map((w, i) => values[i]! - Math.exp(1.5 * sigma ** 2 - mu + sigma * w))
  return Math.sqrt(errors.reduce((total, e) => total + e * e, 0) / rows)
}

it('runs on a general process, from a start', async () => {
  const x = tensor([[1]])
  const problem = { process: geometric, score: zerosLike }
  const end = await expectNoLeaks(() => sample(problem, milstein(), { key: key(0), x, steps: 4 }))
  const values = await end.data()
  dispose([x, end])
  expect(values[0]).toBeGreaterThan(0)
  const from = tensor([[2]])
  const one = await sample(problem, milstein(), { key: key(0), x: from, steps: 1 })
  expect((await one.data())[0]).toBeCloseTo(2 * (1 + 2 * sigma ** 2 - mu), 5)
  dispose([from, one])
})

describe('noise that depends on x', () => {
  it.each([
    { sampler: eulerMaruyama(), order: 0.5 },
    { sampler: milstein(), order: 1 },
  ])('gives $sampler.name its strong order $order', async ({ sampler, order }) => {
    const [coarse, fine] = [await strongError(sampler, 16), await strongError(sampler, 128)]
    expect(Math.abs(Math.log(coarse / fine) / Math.log(8) - order)).toBeLessThan(0.2)
  })
})

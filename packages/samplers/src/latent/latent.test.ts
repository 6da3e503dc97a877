import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { key, normal, square, sub, sum, tensor } from '@sgm/tensor'
import { reference } from '@sgm/tensor/compile'
import { expect, it } from 'vitest'
import { odeHeun } from '../samplers/ode-heun'
import { decode, type EncodeOptions, encode } from './encode'
import { slerp } from './slerp'

const process = vp()
const target = gaussian({ mean: [1, -2], covariance: [[0.5, 0], [0, 2]] }) // biome-ignore format: a matrix
const problem = { process, ...target.diffused(process) }

it.each<[string, EncodeOptions]>([
  ['operation by operation', {}],
  ['compiled', { compile: reference() }],
])('takes Gaussian data where the exact map takes them, and back, %s', async (_, options) => {
  const x = tensor([[0.2, -1], [2, 0.5]]) // biome-ignore format: rows
  const at = (t: number) => process.marginal(t)
  const [from, to] = [at(process.cutOffs.likelihood), at(1)]
  const codes = await encode(problem, x, options)
  const values = await codes.data()
  const mean = [1, -2]
  const variance = [0.5, 2]
  const exact = Array.from(await x.data(), (value, i) => {
    const [m, v] = [mean[i % 2]!, variance[i % 2]!]
    const spread = ({ alpha, sigma }: typeof from) => Math.sqrt(alpha ** 2 * v + sigma ** 2)
    return to.alpha * m + (spread(to) / spread(from)) * (value - from.alpha * m)
  })
  for (const [i, value] of exact.entries()) expect(values[i]).toBeCloseTo(value, 3)
  const back = await decode(problem, codes, options)
  expect((await sum(square(sub(back, x))).data())[0]).toBeLessThan(1e-6)
})

it('goes there and back by any solver of the flow', async () => {
  const x = normal(key(1), [4, 2])
  const options = { sampler: odeHeun(), steps: 200 }
  const back = await decode(problem, await encode(problem, x, options), options)
  expect((await sum(square(sub(back, x))).data())[0]).toBeLessThan(1e-3)
})

it('interpolates on the sphere, row by row', async () => {
  const a = tensor([[1, 0], [0, 2], [1, 1]]) // biome-ignore format: rows
  const b = tensor([[0, 1], [0, -2.0001], [1, 1]]) // biome-ignore format: rows
  const [x, y] = Array.from(await slerp(a, b, 1 / 3).data())
  expect(x).toBeCloseTo(Math.cos(Math.PI / 6), 5)
  expect(y).toBeCloseTo(Math.sin(Math.PI / 6), 5)
  const same = Array.from(await slerp(a, b, 0.5).data()).slice(4)
  expect(same).toEqual([1, 1])
  expect(Array.from(await slerp(a, b, 0).data())).toEqual([1, 0, 0, 2, 1, 1])
})

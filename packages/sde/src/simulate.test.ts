import { add, concat, dispose, key, mul, neg, ones, type Tensor, tensor, zeros } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { cosine } from './processes/cosine'
import { ve } from './processes/ve'
import { vp } from './processes/vp'
import { itoOf, simulate, simulateExact } from './simulate'

const values = async (x: Tensor): Promise<number[]> => Array.from(await x.data())

/** Mean and variance of n independent numbers. */
function moments(x: readonly number[]): { mean: number; variance: number } {
  const mean = x.reduce((a, b) => a + b, 0) / x.length
  return { mean, variance: x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length }
}

/** Four standard errors of the mean and of the variance of n draws of N(mean, variance), and a bias on top. */
function expectGaussian(x: readonly number[], mean: number, variance: number, bias = 0): void {
  const found = moments(x)
  expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / x.length) + bias * Math.abs(mean))
  expect(Math.abs(found.variance - variance)).toBeLessThan((4 * Math.sqrt(2 / x.length) + bias) * variance)
}

const rows = 10_000

describe('simulateExact', () => {
  it.each([
    ['vp', vp()],
    ['ve', ve({ variance: 'exact' })],
    ['cosine', cosine()],
  ])('gives %s its marginal at every time, at any spacing', async (_, process) => {
    const end = process.interval[1]
    const times = [0, 0.01, 0.5, 0.55, 1].map((u) => u * end)
    const path = simulateExact(process, mul(ones([rows, 1]), 2), { key: key(5), times })
    for (const [i, t] of times.entries()) {
      if (i === 0) continue
      const { alpha, sigma } = process.marginal(t)
      expectGaussian(await values(path[i]!), 2 * alpha, sigma ** 2)
    }
  })

  it('gives the right covariance between times', async () => {
    const [process, s, t] = [vp(), 0.2, 0.4]
    const [, at, after] = simulateExact(process, zeros([rows, 1]), { key: key(6), times: [0, s, t] })
    const [x, y] = [await values(at!), await values(after!)]
    const wanted = (process.marginal(t).alpha / process.marginal(s).alpha) * process.marginal(s).sigma ** 2
    const products = x.map((v, i) => v * y[i]!)
    const spread = process.marginal(s).sigma * process.marginal(t).sigma
    // The product of two unit normals has a variance of at most 2.
    expect(Math.abs(moments(products).mean - wanted)).toBeLessThan(4 * spread * Math.sqrt(2 / rows))
  })

  it('refuses times that fall', () => {
    expect(() => simulateExact(vp(), zeros([1, 1]), { key: key(0), times: [1, 0] })).toThrow(
      'simulateExact: expected times that do not fall',
    )
  })
})

describe('simulate', () => {
  it('gives a linear process its marginal, up to the bias of the step', async () => {
    const process = vp()
    const steps = 100
    const times = Array.from({ length: steps + 1 }, (_, i) => (0.4 * i) / steps)
    const path = simulate(itoOf(process), ones([rows, 1]), { key: key(7), times })
    const { alpha, sigma } = process.marginal(0.4)
    // Weak order 1: with h·|f| <= 0.004 · 4.03 the relative bias stays below h f² T ≈ 0.026.
    expectGaussian(await values(path.at(-1)!), alpha, sigma ** 2, 0.026)
    expect(path).toHaveLength(steps + 1)
  })

  it('has exactly the mean and variance of its recursion, per step', async () => {
    const start = concat([zeros([rows, 1]), ones([rows, 1])])
    const [h, f, g] = [0.25, -0.5, 1.5]
    const sde = { interval: [0, 1] as const, drift: (x: Tensor) => mul(x, f), diffusion: () => g }
    const [, , end] = simulate(sde, start, { key: key(8), times: [0, h, 2 * h] })
    const x = await values(end!)
    const factor = 1 + f * h
    const variance = g * g * h * (1 + factor ** 2)
    expectGaussian(x.slice(0, rows), 0, variance)
    expectGaussian(x.slice(rows), factor ** 2, variance)
  })

  it('takes noise that depends on the state: geometric Brownian motion', async () => {
    const [mu, s] = [0.5, 0.4]
    const sde = {
      interval: [0, 1] as const,
      drift: (x: Tensor) => mul(x, mu),
      diffusion: (x: Tensor) => mul(x, s),
    }
    const steps = 50
    const times = Array.from({ length: steps + 1 }, (_, i) => i / steps)
    const x = await values(simulate(sde, ones([rows, 1]), { key: key(9), times }).at(-1)!)
    // Euler–Maruyama has E x = (1 + μh)ⁿ and E x² = ((1 + μh)² + s²h)ⁿ exactly.
    const mean = (1 + mu / steps) ** steps
    const second = ((1 + mu / steps) ** 2 + s ** 2 / steps) ** steps
    expect(Math.abs(moments(x).mean - mean)).toBeLessThan(4 * Math.sqrt((second - mean ** 2) / rows))
  })

  it('draws each row from the key and its index', async () => {
    const options = { key: key(1), times: [0, 0.1, 0.2] }
    const small = simulate(itoOf(vp()), zeros([2, 3]), options)
    const large = simulate(itoOf(vp()), zeros([7, 3]), options)
    expect((await values(large[2]!)).slice(0, 6)).toEqual(await values(small[2]!))
  })

  it('runs an ODE backward, and leaves nothing alive but the path', async () => {
    const sde = { interval: [0, 1] as const, drift: (x: Tensor) => neg(add(x, 0)), diffusion: () => 0 }
    const x = tensor([[1]])
    const path = expectNoLeaks(() => simulate(sde, x, { key: key(0), times: [1, 0.5, 0] }))
    expect(await values(path[2]!)).toEqual([2.25])
    dispose(path)
    expect(await values(x)).toEqual([1])
    expect(() => simulate(sde, x, { key: key(0), times: [] })).toThrow('simulate: expected at least one time')
    expect(() => simulate(sde, x, { key: key(0), times: [0, Number.NaN] })).toThrow('all finite')
  })
})

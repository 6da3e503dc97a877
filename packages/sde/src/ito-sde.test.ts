import { key, mul, neg, ones, type Tensor, tensor, zeros } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { expect, it } from 'vitest'
import { itoSde } from './ito-sde'
import { vp } from './processes/vp'
import { reverseStep } from './reverse'
import { itoOf, simulate } from './simulate'
import type { ItoSDE } from './types'

const values = async (x: Tensor): Promise<number[]> => Array.from(await x.data())

/** g = (1 + t) x² of dx = −x dt + g dw: ∂g²/∂x = 4 (1 + t)² x³. */
const steep: ItoSDE = {
  interval: [0, 1],
  drift: (x) => neg(x),
  diffusion: (x, t) => mul(mul(x, x), 1 + t),
}
const x = tensor([[1, -2], [0.5, 3]]) // biome-ignore format: rows

it('derives the divergence of diag(g²), entry by entry', async () => {
  const wanted = (await values(x)).map((v) => 4 * 2.25 * v ** 3)
  const process = itoSde(steep)
  const found = await expectNoLeaks(() => process.diffusionDivergence(x, 0.5))
  for (const [i, value] of (await values(found)).entries()) expect(value).toBeCloseTo(wanted[i]!, 3)
  found.dispose()
  expect(await values(itoSde(itoOf(vp())).diffusionDivergence(x, 0.5))).toEqual([0, 0, 0, 0])
  const own = { ...steep, diffusionDivergence: () => x }
  expect(itoSde(own).diffusionDivergence(zeros([1]), 0)).toBe(x)
})

it('is what reverse steps take, h (f − ∇·G − g² s) off x, beside noise √h g', async () => {
  const [t, s] = [0.5, 0.4]
  const { mean, spread } = reverseStep(itoSde(steep), { x, t, s }, ones([2, 2]))
  for (const [i, v] of (await values(x)).entries()) {
    const [g, divergence] = [1.5 * v * v, 4 * 2.25 * v ** 3]
    expect((await values(mean))[i]).toBeCloseTo(v - 0.1 * (-v - divergence - g * g), 3)
    expect((await values(spread as Tensor))[i]).toBeCloseTo(Math.sqrt(0.1) * g, 4)
  }
  expect(() => reverseStep(steep, { x, t, s }, x)).toThrow(
    'reverseStep: expected process.diffusionDivergence(x, t), as itoSde() derives it, where process.diffusion(x, t) is a tensor, got undefined',
  )
})

it('is simulated as its coefficients alone are', async () => {
  const options = { key: key(3), times: [0, 0.1, 0.2] }
  const [one, other] = [simulate(steep, x, options).at(-1)!, simulate(itoSde(steep), x, options).at(-1)!]
  expect(await values(one)).toEqual(await values(other))
})

it('refuses what is no process', () => {
  expect(() => itoSde({ ...steep, drift: 1 } as never)).toThrow('itoSde: expected process to have drift')
  expect(() => itoSde({ ...steep, noise: 1 } as never)).toThrow(
    'itoSde: expected options interval, drift, diffusion',
  )
  expect(() => itoSde({ ...steep, diffusionDivergence: 1 } as never)).toThrow(
    'itoSde: expected process.diffusionDivergence to be a function, got 1',
  )
})

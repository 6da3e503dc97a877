import { ve, vp } from '@sgm/sde'
import { key, normal, tensor, zerosLike } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { gaussian } from '../exact/gaussian'
import { edmCoefficients, edmPreconditioned } from './edm'

describe('edmPreconditioned', () => {
  const x = normal(key(1), [4, 2])
  const t = tensor([0.1, 0.3, 0.6, 0.9])

  it.each([
    ['ve', ve({ sigmaMax: 5 })],
    ['vp', vp()],
  ])('a network that is zero is exact for data N(0, σ_d² I) under %s', async (_, process) => {
    const score = edmPreconditioned((y) => zerosLike(y), process, { sigmaData: 0.7 })
    const exact = gaussian({ covariance: 0.49 }).diffused(process).score
    // αD − x loses digits where the data's share of x is small: σ²/(α²σ_d²) up to 1e3 at σ = 0.02.
    await expectNear(score(x, t), exact(x, t), 1e-4)
  })

  it('calls the network with c_in x/α and ¼ ln(σ/α)', async () => {
    const process = vp()
    const seen: Promise<ArrayLike<number>>[] = []
    edmPreconditioned((y, c) => {
      seen.push(y.data(), c.data())
      return zerosLike(y)
    }, process)(tensor([[2, -1]]), tensor([0.3]))
    const { alpha, sigma } = process.marginal(0.3)
    const [input, noise] = await Promise.all(seen)
    const scale = 1 / Math.hypot(sigma / alpha, 0.5) / alpha
    await expectNear(input!, [2 * scale, -scale])
    await expectNear(noise!, [Math.log(sigma / alpha) / 4])
  })

  it('has coefficients that keep input and target at unit variance', async () => {
    for (const sigma of [0.01, 0.5, 40]) {
      const c = edmCoefficients(tensor([sigma]))
      const [skip, out, scale] = await Promise.all(
        [c.skip, c.out, c.in].map(async (v) => (await v.data())[0]!),
      )
      expect(scale! ** 2 * (sigma ** 2 + 0.25)).toBeCloseTo(1, 5)
      // The variance of x₀ − c_skip (x₀ + σz), over c_out² (Karras et al. 2022, equation 122).
      expect(((1 - skip!) ** 2 * 0.25 + skip! ** 2 * sigma ** 2) / out! ** 2).toBeCloseTo(1, 4)
    }
  })

  it('refuses a spread that is not positive', () => {
    expect(() => edmPreconditioned((y) => y, ve(), { sigmaData: 0 })).toThrow(
      'edmPreconditioned: expected sigmaData > 0, got 0',
    )
  })
})

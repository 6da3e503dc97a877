import { add, concat, key, mul, normal, ones, stack, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import reference from '../fixtures/arviz.json' with { type: 'json' }
import { normalQuantile } from './chains'
import { effectiveSampleSize } from './effective-sample-size'
import { rHat } from './r-hat'

/** Chains x_t = ρ x_{t−1} + √(1 − ρ²) z_t, `[chains, draws]`. */
async function autoregression(chains: number, draws: number, rho: number): Promise<Tensor> {
  const x = Float32Array.from(await normal(key(7), [chains, draws]).data())
  for (let i = 0; i < x.length; i++) {
    if (i % draws > 0) x[i] = rho * x[i - 1]! + Math.sqrt(1 - rho * rho) * x[i]!
  }
  return tensor(x, [chains, draws])
}

describe.each(reference.cases)('on $name chains', ({ values, shape, ...wanted }) => {
  it('agrees with ArviZ', async () => {
    const chains = tensor(values as number[], shape)
    // The fixture's values are float32, its arithmetic float64 in another order.
    const close = (truth: number) => [expect.closeTo(truth, 7)]
    expect(await effectiveSampleSize(chains, { kind: 'mean' })).toEqual(close(wanted.mean))
    expect(await effectiveSampleSize(chains)).toEqual(close(wanted.bulk))
    expect(await effectiveSampleSize(chains, { kind: 'tail' })).toEqual(close(wanted.tail))
    if (wanted.rHat !== null) expect(await rHat(chains)).toEqual(close(wanted.rHat))
  })
})

describe('effectiveSampleSize', () => {
  it.each([-0.5, 0, 0.5, 0.8])('is S(1 − ρ)/(1 + ρ) for an autoregression of ρ = %d', async (rho) => {
    const [m, n] = [4, 5000]
    const [found] = await effectiveSampleSize(await autoregression(m, n, rho), { kind: 'mean' })
    const tau = (1 + rho) / (1 - rho)
    // Sokal: the relative variance of τ from S draws, summed to lag W, is 2(2W + 1)/S; Geyer's rule ends within 6 |τ| + 2.
    const error = Math.sqrt((2 * (2 * (6 * tau + 2) + 1)) / (m * n))
    // A sum that may be negative is left by anticorrelation: its error weighs 1/τ more.
    expect(Math.abs((m * n) / tau / found! - 1)).toBeLessThan(4 * error * Math.max(1, 1 / tau))
  })

  it('treats the entries of D each for itself', async () => {
    const [a, b] = [await autoregression(2, 100, 0.8), normal(key(9), [2, 100])]
    const both = await effectiveSampleSize(stack([a, b], 2))
    expect(both).toEqual([...(await effectiveSampleSize(a)), ...(await effectiveSampleSize(b))])
    expect(both[0]! * 2).toBeLessThan(both[1]!)
  })

  it('checks what it gets', async () => {
    await expect(effectiveSampleSize(ones([3, 4]))).rejects.toThrow(
      'effectiveSampleSize: expected chains of shape [chains >= 1, draws >= 8, ...D], got [3, 4]',
    )
    await expect(effectiveSampleSize(ones([3, 9]), { kind: 'all' as never })).rejects.toThrow(
      "kind to be 'bulk' or 'tail' or 'mean', got 'all'",
    )
    await expect(rHat(mul(ones([1, 9]), Number.NaN))).rejects.toThrow(
      'rHat: expected chains with finite values',
    )
  })
})

describe('rHat', () => {
  it('sees chains that differ in place or in width, and no others', async () => {
    const x = normal(key(3), [4, 500])
    const last = tensor([[0], [0], [0], [1]])
    expect((await rHat(x))[0]).toBeLessThan(1.01)
    const scale = concat([ones([3, 1]), mul(ones([1, 1]), 3)])
    const shift = mul(last, 1)
    for (const bad of [mul(x, scale), add(x, shift)]) expect((await rHat(bad))[0]).toBeGreaterThan(1.05)
  })

  it('sees a single chain that drifts, and leaves nothing alive', async () => {
    const drift = tensor(
      Float32Array.from({ length: 200 }, (_, i) => i / 50),
      [1, 200],
    )
    expect((await rHat(add(normal(key(4), [1, 200]), drift)))[0]).toBeGreaterThan(1.05)
    await expectNoLeaks(async () => {
      await rHat(drift)
      await effectiveSampleSize(drift)
    })
  })
})

describe('normalQuantile', () => {
  it('has the published values', () => {
    const published: [number, number][] = [
      [0.5, 0],
      [0.75, 0.6744897501960817],
      [0.975, 1.959963984540054],
      [0.99865010196837, 3],
      [0.001, -3.090232306167813],
      [1e-9, -5.997807015007687],
    ]
    for (const [p, z] of published) expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-11)
    expect(normalQuantile(0.3)).toBeCloseTo(-normalQuantile(0.7), 14)
  })
})

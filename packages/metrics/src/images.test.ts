import { add, concat, full, key, mul, normal, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import fixture from '../fixtures/images.json'
import { coverage } from './coverage'
import { psnr } from './psnr'
import { ssim } from './ssim'

describe.each(fixture.cases)('of images $shape up to $peak, as scikit-image finds it', (given) => {
  const [x, y] = [tensor(given.x, given.shape), tensor(given.y, given.shape)]
  const { peak } = given

  it('psnr', async () => {
    const found = await psnr(x, y, { peak })
    for (const [i, value] of given.psnr.entries()) expect(found[i]).toBeCloseTo(value, 9)
  })

  it('ssim', async () => {
    const found = await ssim(x, y, { peak })
    for (const [i, value] of given.ssim.entries()) expect(found[i]).toBeCloseTo(value, 9)
  })
})

it('psnr and ssim of equal images, and of constant ones, are known', async () => {
  const x = normal(key(0), [1, 12, 12, 2])
  expect(await psnr(x, x)).toEqual([Number.POSITIVE_INFINITY])
  expect((await ssim(x, x))[0]).toBeCloseTo(1, 12)
  const [black, grey] = [full([1, 11, 11, 1], 0), full([1, 11, 11, 1], 0.5)]
  expect((await psnr(black, grey, { peak: 2 }))[0]).toBeCloseTo(10 * Math.log10(16), 9)
  expect((await ssim(black, grey))[0]).toBeCloseTo(1e-4 / (0.25 + 1e-4), 9)
})

describe('coverage', () => {
  it.each([
    { n: 9, level: 0.8, wanted: 0.8 },
    { n: 4, level: 0.9, wanted: 0.6 },
    { n: 39, level: 0.9, wanted: 0.9 },
    { n: 19, level: 0.5, wanted: 0.5 },
    { n: 2, level: 0.1, wanted: 1 / 3 },
  ])('of a posterior is what it should be, from $n samples at $level', async ({ n, level, wanted }) => {
    const entries = 20_000
    const found = await coverage(normal(key(1), [n, entries]), normal(key(2), [entries]), { level })
    expect(found.expected).toBeCloseTo(wanted, 12)
    // Five standard errors of a share.
    const error = Math.sqrt((wanted * (1 - wanted)) / entries)
    expect(Math.abs(found.coverage - wanted)).toBeLessThan(5 * error)
  })

  it('is Φ-many of samples that are too narrow, and all of what is known', async () => {
    const entries = 20_000
    const samples = mul(normal(key(3), [399, entries]), 0.5)
    const found = await coverage(samples, normal(key(4), [entries]))
    // P(|z| < 0.5 · 1.645) = 0.589
    expect(Math.abs(found.coverage - 0.589)).toBeLessThan(0.02)
    const certain = concat([full([3, 5], 1)], 0)
    expect((await coverage(certain, full([5], 1))).coverage).toBe(1)
    expect((await coverage(certain, add(full([5], 1), 1))).coverage).toBe(0)
  })
})

it('refuses what does not fit', async () => {
  const x = full([2, 12, 12, 1], 1)
  await expect(psnr(x, full([1, 12, 12, 1], 1))).rejects.toThrow('psnr: expected y of shape [2, 12, 12, 1]')
  await expect(psnr(x, x, { peak: 0 })).rejects.toThrow('psnr: expected peak > 0, got 0')
  await expect(ssim(full([2, 10, 12, 1], 1), full([2, 10, 12, 1], 1))).rejects.toThrow(
    'ssim: expected images [n, height >= 11, width >= 11, channels], got [2, 10, 12, 1]',
  )
  await expect(ssim(full([2, 12], 1), full([2, 12], 1))).rejects.toThrow('ssim: expected images')
  await expect(coverage(x, x)).rejects.toThrow('coverage: expected truth of shape [12, 12, 1]')
  await expect(coverage(x, full([12, 12, 1], 1), { level: 1 })).rejects.toThrow(
    'coverage: expected level in (0, 1), got 1',
  )
  await expect(coverage(full([1, 3], 1), full([3], 1))).rejects.toThrow('samples of shape [n >= 2, ...D]')
})

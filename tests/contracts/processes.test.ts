import { readdirSync } from 'node:fs'
import * as sde from '@sgm/sde'
import {
  halfLogSnr,
  type LinearSDE,
  reverseCoefficients,
  simulateExact,
  timeOfHalfLogSnr,
  transition,
} from '@sgm/sde'
import { dispose, grad, key, mul, ones, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'

type Factory = (options?: object) => LinearSDE

const folder = new URL('../../packages/sde/src/processes/', import.meta.url)
const files = readdirSync(folder).filter((f) => /^[a-z0-9-]+\.ts$/.test(f) && f !== 'index.ts')
const camelCase = (name: string): string => name.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase())
const all = files.map((file) => {
  const name = camelCase(file.replace('.ts', ''))
  return { name, factory: (sde as unknown as Record<string, Factory>)[name]! }
})

/** Float32 times, so that the host and the tensors see the same, over the whole interval. */
const timesOf = ({ interval: [start, end] }: LinearSDE): number[] =>
  [1e-6, 1e-5, 1e-3, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98].map((u) => Math.fround(start + u * (end - start)))

/** The ratio, with 0/0 taken as 1. */
const ratio = (a: number, b: number): number => (a === b ? 1 : a / b)

it('finds the processes', () => {
  expect(all.length).toBeGreaterThanOrEqual(7)
})

describe.each(all)('$name', ({ name, factory }) => {
  const process = factory()
  const [start, end] = process.interval
  const length = end - start

  it('has the f and g of its marginals: d ln α/dt = f and dσ²/dt = 2fσ² + g²', () => {
    for (const t of timesOf(process)) {
      const h = Math.min(1e-5 * length, 1e-3 * (t - start))
      const [low, high] = [process.marginal(t - h), process.marginal(t + h)]
      const [f, g] = [process.drift(t), process.diffusion(t)]
      const { sigma } = process.marginal(t)
      // Truncation, (h/t)²/6 of the terms, and rounding, ε/h <= 1e-7 a unit of length, are both below 1e-6 of the terms.
      const slack = 1e-6
      const slope = (high.sigma ** 2 - low.sigma ** 2) / (2 * h)
      expect(Math.abs(Math.log(high.alpha / low.alpha) / (2 * h) - f)).toBeLessThan(
        slack * (Math.abs(f) + 1 / length),
      )
      const terms = Math.abs(slope) + Math.abs(2 * f * sigma ** 2) + g * g
      expect(Math.abs(slope - 2 * f * sigma ** 2 - g * g)).toBeLessThan(slack * terms)
      expect(g).toBeGreaterThan(0)
    }
  })

  it('has the same marginals on tensors: 1e-6, relatively, at every time', async () => {
    const times = timesOf(process)
    const t = tensor(Float32Array.from(times))
    const marginal = expectNoLeaks(() => {
      const { alpha, sigma } = process.marginalAt(t)
      return { alpha, sigma }
    })
    const [alpha, sigma] = [await marginal.alpha.data(), await marginal.sigma.data()]
    for (const [i, time] of times.entries()) {
      const exact = process.marginal(time)
      expect(Math.abs(alpha[i]! / exact.alpha - 1)).toBeLessThan(1e-6)
      expect(Math.abs(sigma[i]! / exact.sigma - 1)).toBeLessThan(1e-6)
    }
    expect([marginal.alpha.shape, marginal.sigma.shape]).toEqual([t.shape, t.shape])
    dispose([t, marginal])
  })

  it('has marginals on tensors that are differentiable by time', async () => {
    const times = timesOf(process).slice(3)
    const t = tensor(Float32Array.from(times))
    const slopes = grad((u) => process.marginalAt(u).sigma)(t)
    for (const [i, found] of (await slopes.data()).entries()) {
      const time = times[i]!
      const { sigma } = process.marginal(time)
      const exact = process.drift(time) * sigma + process.diffusion(time) ** 2 / (2 * sigma)
      expect(Math.abs(found - exact)).toBeLessThan(1e-4 * (Math.abs(exact) + sigma / length))
    }
    dispose([t, slopes])
  })

  it('has a log-SNR that falls, and its inverse', () => {
    const lambdas = timesOf(process).map((t) => halfLogSnr(process, t))
    for (let i = 1; i < lambdas.length; i++) expect(lambdas[i]).toBeLessThan(lambdas[i - 1]!)
    for (const [i, t] of timesOf(process).entries()) {
      const back = timeOfHalfLogSnr(process, lambdas[i]!)
      // Where λ hardly moves with t, as at the start of a process with noise at 0, its rounding moves t.
      expect(Math.abs(halfLogSnr(process, back) - lambdas[i]!)).toBeLessThan(
        1e-12 * Math.max(1, Math.abs(lambdas[i]!)),
      )
      expect(Math.abs(back - t)).toBeLessThan(1e-10 * length)
    }
  })

  it('starts at the data and ends in its prior, up to what α leaves of the data', () => {
    const [first, last] = [process.marginal(start), process.marginal(end)]
    expect(first.alpha).toBeCloseTo(1, 14)
    expect(first.sigma).toBeLessThan(1e-3 * last.sigma)
    // Of the variance α² + σ² of standard data, or of σ² where α stays 1.
    const remains = 2 * last.alpha ** 2
    expect(Math.abs(process.prior.sigma ** 2 - last.sigma ** 2)).toBeLessThanOrEqual(
      last.alpha < 0.1 ? remains : 1e-12 * last.sigma ** 2,
    )
    for (const t of Object.values(process.cutOffs)) {
      expect(t).toBeGreaterThanOrEqual(start)
      expect(t).toBeLessThan(0.01 * length)
      expect(process.marginal(t).sigma).toBeGreaterThan(0)
    }
  })

  it('has transitions that compose', () => {
    const [r, s, t] = [0.1, 0.4, 0.9].map((u) => start + u * length) as [number, number, number]
    const [first, second, whole] = [
      transition(process, r, s),
      transition(process, s, t),
      transition(process, r, t),
    ]
    expect(ratio(first.alpha * second.alpha, whole.alpha)).toBeCloseTo(1, 12)
    expect(ratio(Math.hypot(second.alpha * first.sigma, second.sigma), whole.sigma)).toBeCloseTo(1, 12)
  })

  it('is simulated forward to its marginals', async () => {
    const rows = 4000
    const x0 = mul(ones([rows, 1]), 1.5)
    const times = [0, 0.3, 0.8].map((u) => start + u * length)
    const path = simulateExact(process, x0, { key: key(11), times })
    const { alpha, sigma } = process.marginal(times[2]!)
    const added = sigma ** 2 - (alpha * process.marginal(start).sigma) ** 2
    const x = Array.from(await path[2]!.data())
    const mean = x.reduce((a, b) => a + b, 0) / rows
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / rows
    // Four standard errors.
    expect(Math.abs(mean - 1.5 * alpha)).toBeLessThan(4 * Math.sqrt(added / rows))
    expect(Math.abs(variance / added - 1)).toBeLessThan(4 * Math.sqrt(2 / rows))
    dispose([x0, path])
  })

  it('has the marginals of the forward SDE backward too, with any share of noise', () => {
    const spread = (t: number): number =>
      process.marginal(t).alpha ** 2 * 0.3 + process.marginal(t).sigma ** 2
    const h = 1e-5 * length
    for (const u of [0.1, 0.5, 0.9]) {
      const t = start + u * length
      const slope = (spread(t + h) - spread(t - h)) / (2 * h)
      for (const eta of [0, 1, 1.5]) {
        const { onX, onScore, noise } = reverseCoefficients(process, eta)(t)
        expect(2 * onX * spread(t) - 2 * onScore - noise ** 2).toSatisfy(
          (found: number) =>
            Math.abs(found - slope) < 1e-6 * (Math.abs(slope) + onScore ** 2 + Math.abs(onX)),
        )
      }
    }
  })

  it('is offered by name, and validates every numeric option and the cut-offs', () => {
    const preset = Object.values(sde.processPresets).find(({ make }) => (make as unknown) === factory)
    expect(preset, 'expected an entry in packages/sde/src/presets.ts').toBeDefined()
    const options = Object.keys(preset!.numbers)
    expect(options.length).toBeGreaterThan(0)
    for (const option of options) {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1e9]) {
        expect(() => factory({ [option]: bad }), `${option}: ${bad}`).toThrow(RangeError)
        expect(() => factory({ [option]: bad })).toThrow(`${name}: expected `)
      }
    }
    expect(() => factory({ cutOffs: { sample: Number.NaN } })).toThrow(`${name}: expected cutOffs.sample in`)
    expect(() => process.marginal(end + 0.01 * length)).toThrow(`${name}: expected t in`)
  })
})

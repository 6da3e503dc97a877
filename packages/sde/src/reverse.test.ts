import { add, alignRows, div, key, mul, neg, normal, ones, square, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { cosine } from './processes/cosine'
import { edm } from './processes/edm'
import { rectifiedFlow } from './processes/rectified-flow'
import { sigmaT } from './processes/sigma-t'
import { subVp } from './processes/sub-vp'
import { ve } from './processes/ve'
import { vp } from './processes/vp'
import { probabilityFlowDrift, reverseCoefficients, reverseDrift, reverseSde } from './reverse'
import { simulate } from './simulate'
import type { LinearSDE } from './types'

const values = async (x: Tensor): Promise<number[]> => Array.from(await x.data())
const processes = {
  ve: ve(),
  vp: vp(),
  subVp: subVp(),
  sigmaT: sigmaT(),
  cosine: cosine(),
  edm: edm(),
  rectifiedFlow: rectifiedFlow(),
}

/** Variance at t of data N(0, v): P(t) = α² v + σ². */
const spread = (process: LinearSDE, v: number, t: number): number => {
  const { alpha, sigma } = process.marginal(t)
  return alpha ** 2 * v + sigma ** 2
}

describe('the reverse SDE and the probability-flow ODE', () => {
  it.each(Object.entries(processes))(
    'of %s carry the variance of Gaussian data through time',
    (_, process) => {
      // For the score −x/P, dP/dt of dx = a x dt + η g dw̄ backward is 2aP − η²g², which must be P′ for every η.
      const [v, end] = [0.3, process.interval[1]]
      for (const u of [0.05, 0.4, 0.9]) {
        const [t, h] = [u * end, 1e-5 * end]
        const slope = (spread(process, v, t + h) - spread(process, v, t - h)) / (2 * h)
        for (const eta of [0, 0.5, 1, 2]) {
          const { onX, onScore, noise } = reverseCoefficients(process, eta)(t)
          const P = spread(process, v, t)
          const moved = 2 * (onX - onScore / P) * P - noise ** 2
          expect(moved / slope).toBeCloseTo(1, 6)
        }
      }
    },
  )

  it('are f x − g² s and f x − ½ g² s', async () => {
    const [process, t] = [vp(), 0.3]
    const [f, g] = [process.drift(t), process.diffusion(t)]
    const [x, s] = [tensor([[2, -1]]), tensor([[0.5, 3]])]
    const wanted = (half: number) => [
      expect.closeTo(2 * f - half * g * g * 0.5, 4),
      expect.closeTo(-f - half * g * g * 3, 4),
    ]
    expect(await values(reverseDrift(process, x, t, s))).toEqual(wanted(1))
    expect(await values(probabilityFlowDrift(process, x, t, s))).toEqual(wanted(0.5))
    expect(await values(reverseSde(process, () => s, 0).drift(x, t))).toEqual(wanted(0.5))
    expect(reverseSde(process, () => s).diffusion(x, t)).toBe(g)
    expect(() => reverseCoefficients(process, -1)).toThrow('reverseCoefficients: expected eta >= 0, got -1')
  })

  it('give the score one time a row, and leave nothing alive but the drift', async () => {
    const seen: Tensor[] = []
    const score = (x: Tensor, t: Tensor) => {
      seen.push(mul(t, 1))
      return mul(x, -1)
    }
    const x = ones([3, 2])
    const { drift } = reverseSde(vp(), score)
    drift(x, 0.25)
    expect(seen[0]!.shape).toEqual([3])
    expectNoLeaks(() => reverseSde(vp(), (y) => mul(y, -1)).drift(x, 0.25))
    expect(() => reverseSde(vp(), score, '1' as never)).toThrow("reverseSde: expected eta >= 0, got '1'")
  })

  it('bring the prior back to Gaussian data, the SDE in law and the ODE along its exact map', async () => {
    const process = vp()
    const [v, n, steps, stop] = [0.25, 5000, 250, 1e-3]
    const times = Array.from({ length: steps + 1 }, (_, i) => 1 - ((1 - stop) * i) / steps)
    const score = (x: Tensor, t: Tensor) => {
      const { alpha, sigma } = process.marginalAt(t)
      return neg(div(x, alignRows(add(mul(square(alpha), v), square(sigma)), x)))
    }
    const start = normal(key(1), [n, 1])
    const back = await values(simulate(reverseSde(process, score), start, { key: key(2), times }).at(-1)!)
    const variance = back.reduce((a, b) => a + b * b, 0) / n
    // The exact variance of the discrete chain, so that only the sampling error is left.
    let P = 1
    let flow = 1
    for (let i = 0; i < steps; i++) {
      const [t, h] = [times[i]!, times[i + 1]! - times[i]!]
      const [sde, ode] = [reverseCoefficients(process)(t), reverseCoefficients(process, 0)(t)]
      P = (1 + h * (sde.onX - sde.onScore / spread(process, v, t))) ** 2 * P - h * sde.noise ** 2
      flow *= 1 + h * (ode.onX - ode.onScore / spread(process, v, t))
    }
    expect(Math.abs(variance / P - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    expect(Math.abs(P / spread(process, v, stop) - 1)).toBeLessThan(0.03)
    const exact = Math.sqrt(spread(process, v, stop) / spread(process, v, 1))
    expect(Math.abs(flow / exact - 1)).toBeLessThan(0.03)
    const ode = simulate(reverseSde(process, score, 0), ones([1, 1]), { key: key(0), times })
    expect((await values(ode.at(-1)!))[0]! / flow).toBeCloseTo(1, 4)
  })
})

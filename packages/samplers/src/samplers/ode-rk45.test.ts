import { gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import {
  alignRows,
  dispose,
  greater,
  key,
  mul,
  neg,
  normal,
  slice,
  type Tensor,
  tensor,
  where,
} from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample, trajectory } from '../run'
import { flowError } from '../testing/quantile-flow'
import type { Problem } from '../types'
import { odeRk45 } from './ode-rk45'

const process = vp()
const mixture = { process, ...gaussianMixture().diffused(process) }
const at = (tolerance: number) => odeRk45({ tolerance })

async function last(problem: Problem, tolerance: number, x = normal(key(5), [16, 2])) {
  let end = { evaluations: 0, stats: {} as Readonly<Record<string, number>>, values: [] as number[] }
  for await (const point of trajectory(problem, at(tolerance), { key: key(0), x })) {
    const { evaluations, stats } = point
    end = { evaluations, stats, values: Array.from(await point.x.data()) }
  }
  dispose(x)
  return end
}

describe('odeRk45', () => {
  it('keeps the error within its tolerance, over the exact map of a mixture', async () => {
    for (const tolerance of [1e-2, 1e-3, 1e-4, 1e-5]) {
      // the tolerance bounds the error of each step; those of all steps add up, and the flow stretches them
      const error = await flowError(at(tolerance), 1)
      expect(error).toBeLessThan(30 * tolerance)
      expect(error).toBeGreaterThan(tolerance / 100)
    }
  })

  it('spends more evaluations the smaller its tolerance', async () => {
    const [loose, middle, tight] = await Promise.all([1e-1, 1e-3, 1e-5].map((tol) => last(mixture, tol)))
    expect([loose, middle, tight].map((run) => run!.evaluations)).toEqual([14, 44, 80])
    // an evaluation for the slope at the start, one to guess the first step, then six a step
    for (const { evaluations, stats } of [loose!, middle!, tight!]) {
      expect(evaluations).toBe(2 + 6 * stats.iterations!)
    }
  })

  it('takes a step back where the score changes of a sudden, and counts it', async () => {
    const score = (x: Tensor, t: Tensor) => neg(mul(x, alignRows(where(greater(t, 0.5), 0.9, 0.2), x)))
    const { stats, evaluations } = await last({ process, score }, 1e-4, tensor([[1]]))
    expect(stats.rejected).toBeGreaterThan(0)
    expect(stats.rejected! * stats.iterations!).toBeCloseTo(
      Math.round(stats.rejected! * stats.iterations!),
      9,
    )
    expect(evaluations).toBe(2 + 6 * stats.iterations!)
  })

  it('gives a row the same samples in any batch and over any grid of times', async () => {
    const x = tensor([[0.3, -1.2], [1.1, 0.4], [-0.8, 0.9]]) // biome-ignore format: rows
    const all = await sample(mixture, at(1e-4), { key: key(0), x })
    const one = await sample(mixture, at(1e-4), { key: key(0), x: slice(x, [1, 0], [1, 2]) })
    expect(Array.from(await one.data())).toEqual(Array.from(await all.data()).slice(2, 4))
    const many = await sample(mixture, at(1e-6), { key: key(0), x, steps: 7 })
    const straight = await sample(mixture, at(1e-6), { key: key(0), x })
    const [a, b] = [await many.data(), await straight.data()]
    for (let i = 0; i < 6; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(5e-4)
    dispose([x, all, one, many, straight])
  })

  it('stops at a score that is not finite', async () => {
    const score = (x: Tensor) => mul(x, Number.NaN)
    await expect(last({ process, score }, 1e-3, tensor([[1]]))).rejects.toThrow(
      'odeRk45: expected a finite velocity, got NaN or infinity at time 1',
    )
  })
})

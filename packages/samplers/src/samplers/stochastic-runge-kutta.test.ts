import { vp } from '@sgm/sde'
import { dispose, key, neg, normal, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample } from '../run'
import type { Sampler } from '../types'
import { eulerMaruyama } from './euler-maruyama'
import { stochasticRungeKutta } from './stochastic-runge-kutta'

const process = vp({ betaMin: 0.5, betaMax: 4 })
const rows = 200
const cells = 2048

/** Brownian increments, row by row, of `cells` equal cells from t = 1 down to 0. */
async function brownian(): Promise<Float32Array> {
  const z = normal(key(11), [rows, cells])
  const values = Float32Array.from(await z.data(), (v) => v / Math.sqrt(cells))
  dispose(z)
  return values
}

/** The end of dx = −½β x dτ + √β dw from x = 0, each cell's increment weighted at its middle. */
function solution(path: Float32Array, row: number): number {
  const [low, high] = [0.5, 4]
  const beta = (t: number) => low + t * (high - low)
  const decay = (t: number) => Math.exp(-0.5 * (low * t + ((high - low) * t * t) / 2))
  let total = 0
  for (let j = 0; j < cells; j++) {
    const t = 1 - (j + 0.5) / cells
    total += decay(t) * Math.sqrt(beta(t)) * path[row * cells + j]!
  }
  return total
}

/** Root mean square of the error at the end of n steps along the path. */
async function strongError(sampler: Sampler, path: Float32Array, n: number): Promise<number> {
  const [h, each] = [1 / n, cells / n]
  const times = Array.from({ length: n + 1 }, (_, i) => 1 - i / n)
  const noises: Float32Array[][] = []
  for (let index = 0; index < n; index++) {
    const [first, second] = [new Float32Array(rows), new Float32Array(rows)]
    for (let row = 0; row < rows; row++) {
      let [w, area] = [0, 0]
      for (let j = index * each; j < (index + 1) * each; j++) {
        area += (w + path[row * cells + j]! / 2) / cells
        w += path[row * cells + j]!
      }
      first[row] = w / Math.sqrt(h)
      second[row] = ((2 * area) / h - w) / Math.sqrt(h / 3)
    }
    noises.push([first, second].slice(0, sampler.evaluationsPerStep))
  }
  const x = tensor(new Float32Array(rows), [rows, 1])
  const queue = noises.flat().values()
  const end = await sample({ process, score: neg }, sampler, {
    key: key(0),
    x,
    times,
    denoise: 'none',
    normal: (_, shape) => tensor(queue.next().value!, shape),
  })
  const values = Array.from(await end.data())
  dispose([x, end])
  return Math.sqrt(values.reduce((total, v, row) => total + (v - solution(path, row)) ** 2, 0) / rows)
}

describe('noise that does not depend on x', () => {
  it.each([
    { sampler: eulerMaruyama(), least: 1, most: 1 },
    // 1.5 in general, 2 where the drift is linear as it is here
    { sampler: stochasticRungeKutta(), least: 1.5, most: 2 },
  ])('gives $sampler.name its strong order', async ({ sampler, least, most }) => {
    const path = await brownian()
    const [coarse, fine] = [await strongError(sampler, path, 8), await strongError(sampler, path, 32)]
    // five standard errors: each root mean square of 200 rows is known to 5%
    const order = Math.log(coarse / fine) / Math.log(4)
    expect(order).toBeGreaterThan(least - 0.25)
    expect(order).toBeLessThan(most + 0.25)
  })
})

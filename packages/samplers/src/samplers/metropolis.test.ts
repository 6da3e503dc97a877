import { type GaussianMixture, gaussian, gaussianMixture } from '@sgm/score'
import { dispose, key, normal, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { chain } from '../run/chain'
import type { Sampler } from '../types'
import { hmc } from './hmc'
import { mala } from './mala'

const standard = gaussian({ mean: [0] })
const chains = 4000

/** Ends of chains started at x, with the mean acceptance. */
async function run(sampler: Sampler<unknown>, steps: number, x: Tensor, target: GaussianMixture = standard) {
  let acceptance = 0
  let values: number[] = []
  for await (const point of chain(target, sampler, { key: key(4), x, steps })) {
    acceptance += (point.stats.acceptance ?? 0) / steps
    if (point.index === steps) values = Array.from(await point.x.data())
  }
  return { acceptance, values }
}

/** E f(x, z) for independent standard normals, by the trapezium rule. */
function average(f: (x: number, z: number) => number): number {
  let total = 0
  const h = 0.05
  for (let x = -7; x <= 7; x += h) {
    for (let z = -7; z <= 7; z += h) total += f(x, z) * Math.exp(-(x * x + z * z) / 2)
  }
  return (total * h * h) / (2 * Math.PI)
}

const stepSize = 0.8
const cases = [
  {
    name: 'mala',
    sampler: mala({ stepSize }),
    accept: (x: number, z: number) => {
      const to = x - stepSize * x + Math.sqrt(2 * stepSize) * z
      const forward = (to - x + stepSize * x) ** 2 / (4 * stepSize)
      const back = (x - to + stepSize * to) ** 2 / (4 * stepSize)
      return Math.min(1, Math.exp((x * x - to * to) / 2 + forward - back))
    },
  },
  {
    name: 'hmc',
    sampler: hmc({ stepSize: 1.4, leapfrogSteps: 3 }),
    accept: (x: number, z: number) => {
      let [q, p] = [x, z]
      for (let i = 0; i < 3; i++) {
        p -= 0.7 * q
        q += 1.4 * p
        p -= 0.7 * q
      }
      return Math.min(1, Math.exp((x * x + z * z - q * q - p * p) / 2))
    },
  },
] as const

describe.each(cases)('$name', ({ name, sampler, accept }) => {
  it('leaves its target as it is and accepts as often as it should', async () => {
    const x = normal(key(3), [chains, 1])
    const steps = 20
    const { acceptance, values } = await run(sampler, steps, x)
    dispose(x)
    const variance = values.reduce((total, v) => total + v * v, 0) / chains
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / chains))
    const truth = average(accept)
    expect(truth).toBeLessThan(0.95)
    // acceptances along a chain are not independent: counted as one a chain
    expect(Math.abs(acceptance - truth)).toBeLessThan(5 * Math.sqrt((truth * (1 - truth)) / chains))
  })

  it('reaches a mixture from one point, exactly', async () => {
    const target = gaussianMixture({ weights: [1, 3], means: [[-1.5], [1.5]], covariances: [0.5, 0.5] })
    const x = tensor(new Float32Array(chains).fill(-1.5), [chains, 1])
    const { values } = await run(sampler, 80, x, target)
    dispose(x)
    const mean = values.reduce((total, v) => total + v, 0) / chains
    expect(Math.abs(mean - target.mean[0]!)).toBeLessThan(5 * Math.sqrt(target.covariance[0]![0]! / chains))
  })

  it('says that it needs a log-density, and frees all when that fails', async () => {
    const x = tensor([[0]])
    const { score } = standard
    const go = async (logDensity?: () => Tensor) => {
      const problem = logDensity ? { score, logDensity } : { score }
      for await (const _ of chain(problem, sampler, { key: key(0), x, steps: 2 }));
    }
    await expect(go()).rejects.toThrow(
      `${name}: expected problem.logDensity, which acceptance needs, got undefined`,
    )
    await expectNoLeaks(async () => {
      const fail = go(() => {
        throw new Error('no density')
      })
      await expect(fail).rejects.toThrow('no density')
    })
    dispose(x)
  })
})

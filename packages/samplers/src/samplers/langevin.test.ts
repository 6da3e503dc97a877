import { gaussianMixture } from '@sgm/score'
import { type Process, ve, vp } from '@sgm/sde'
import { dispose, key, mul, neg, normal, type Tensor, tensor, uniform } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { chain } from '../run/chain'
import { sample } from '../run/trajectory'
import { annealedLangevin } from './annealed-langevin'
import { type LangevinOptions, langevin } from './langevin'

const standard = { score: (x: Tensor) => neg(x) }

/** One step at time t on the way to s, of rows x. */
async function step(options: LangevinOptions, x: number[][], process?: Process, [t, s] = [1, 1]) {
  const start = tensor(x)
  const next = await sample({ ...standard, process }, langevin(options), {
    key: key(0),
    x: start,
    times: [t, s],
    denoise: 'none',
    normal: (_, shape) => normal(key(5), shape),
  })
  const z = normal(key(5), start.shape)
  const result = [Array.from(await next.data()), Array.from(await z.data())]
  dispose([start, next, z])
  return result as [number[], number[]]
}

/** ε of a row from where it went: x′ − x = −εx + √(2ε) z. */
function stepSizeOf(x: number, to: number, z: number): number {
  const root = (z * Math.SQRT1_2 - Math.sign(z) * Math.sqrt(z * z * 0.5 - x * (to - x))) / x
  const other = (z * Math.SQRT1_2 + Math.sign(z) * Math.sqrt(z * z * 0.5 - x * (to - x))) / x
  return Math.min(...[root, other].filter((r) => r > 0)) ** 2
}

describe('langevin', () => {
  it('has the stationary variance 1/(1 − ε/2) on N(0, 1)', async () => {
    for (const stepSize of [0.1, 0.5, 1]) {
      const [[still], [z]] = (await step({ stepSize }, [[0]])) as [[number], [number]]
      const [[moved]] = (await step({ stepSize }, [[1]])) as [[number], unknown]
      const contraction = moved - still
      const variance = (still / z) ** 2 / (1 - contraction ** 2)
      expect(variance).toBeCloseTo(1 / (1 - stepSize / 2), 5)
    }
  })

  it('takes 2α(snr‖z‖/‖s‖)² for its step, by the norm that is named', async () => {
    const snr = 0.16
    const x = [
      [3, 4],
      [0.6, 0.8],
    ]
    const process = vp()
    const times: [number, number] = [0.5, 0.49]
    const alpha = (process.marginal(0.5).alpha / process.marginal(0.49).alpha) ** 2
    const beta = 0.1 + 0.495 * 19.9
    expect(alpha).toBeCloseTo(1 - 0.01 * beta, 2)
    const expectedSize = async (
      norm: 'level' | 'sample' | 'batch',
      row: number,
    ): Promise<[number, number]> => {
      const [to, z] = await step({ snr, norm }, x, process, times)
      const norms = (v: number[]) => [Math.hypot(v[0]!, v[1]!), Math.hypot(v[2]!, v[3]!)] as const
      const [zs, ss] = [norms(z), norms(x.flat())]
      const ratio = {
        level: process.marginal(0.5).sigma,
        sample: zs[row]! / ss[row]!,
        batch: (zs[0] + zs[1]) / (ss[0] + ss[1]),
      }[norm]
      return [stepSizeOf(x[row]![0]!, to[2 * row]!, z[2 * row]!), 2 * alpha * (snr * ratio) ** 2]
    }
    for (const norm of ['level', 'sample', 'batch'] as const) {
      for (const row of [0, 1]) {
        const [got, wanted] = await expectedSize(norm, row)
        expect(got / wanted).toBeCloseTo(1, 3)
      }
    }
  })

  it('refuses options that do not fit', () => {
    expect(() => langevin({ stepSize: 0 })).toThrow('langevin: expected stepSize > 0, got 0')
    expect(() => langevin({ snr: -1 })).toThrow('langevin: expected snr > 0, got -1')
    expect(() => langevin({ snr: 1, stepSize: 1 })).toThrow('langevin: expected stepSize or snr, not both')
    expect(() => langevin({ norm: 'each' as never })).toThrow('langevin: expected norm to be')
  })

  it('says that it needs marginals where it does', async () => {
    await expect(step({ snr: 1 }, [[1]])).rejects.toThrow(
      "langevin: expected a process with marginals for norm: 'level', got one without",
    )
  })
})

describe('modes of weight 1:4, five standard deviations apart', () => {
  const chains = 320
  const target = gaussianMixture()
  const share = async (x: Tensor): Promise<number> => {
    const values = await x.data()
    let right = 0
    for (let i = 0; i < values.length; i += 2) right += values[i]! + values[i + 1]! > 0 ? 1 : 0
    dispose(x)
    return right / (values.length / 2)
  }
  const start = () => uniform(key(7), [chains, 2], { low: -8, high: 8 })
  /** Five standard errors of a share of 320 chains. */
  const within = (weight: number) => 5 * Math.sqrt((weight * (1 - weight)) / chains)

  it('come out about even from Langevin dynamics with the exact score', async () => {
    const x = start()
    let end = 0
    for await (const point of chain(target, langevin({ stepSize: 0.05 }), { key: key(8), x, steps: 1000 })) {
      if (point.index === 1000) end = await share(mul(point.x, 1))
    }
    dispose(x)
    expect(Math.abs(end - 0.5)).toBeLessThan(within(0.5))
    expect(Math.abs(end - 0.8)).toBeGreaterThan(within(0.8))
  })

  it('come out right from annealed Langevin dynamics', async () => {
    const process = ve({ sigmaMin: 1, sigmaMax: 20 })
    const x = start()
    const end = await sample(
      { process, ...target.diffused(process) },
      annealedLangevin({ stepSize: 0.05, stepsPerLevel: 100 }),
      { key: key(9), x, steps: 10 },
    )
    dispose(x)
    expect(Math.abs((await share(end)) - 0.8)).toBeLessThan(within(0.8))
  })
})

import {
  ddim,
  dpmSolverPlusPlus,
  eulerMaruyama,
  odeHeun,
  predictorCorrector,
  type Sampler,
  sample,
} from '@sgm/samplers'
import { gaussian, gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { compile, key, type Tensor, tensor, zeros } from '@sgm/tensor'
import { describe, expect, test } from 'vitest'
import { gpuOfFile } from './testing'

const process = vp()

const gpu = await gpuOfFile()

/** A Gaussian under the process, and where x at the start ends without noise. */
const [mean, variance] = [0.5, 0.25]
const starts = [-1.5, 0.25, 2]

function lawAt(t: number) {
  const { alpha, sigma } = process.marginal(t)
  return { alpha, mean: alpha * mean, variance: alpha ** 2 * variance + sigma ** 2 }
}

const [from, to] = [lawAt(1), lawAt(process.cutOffs.sample)]
/** The probability flow keeps the place of x in its law. */
const flow = starts.map((x) => to.mean + (x - from.mean) * Math.sqrt(to.variance / from.variance))
/** E[x_s | x_t], where the reverse SDE goes on average. */
const average = starts.map(
  (x) => to.mean + ((x - from.mean) * (from.alpha / to.alpha) * to.variance) / from.variance,
)

const cases: readonly (readonly [string, Sampler, exact: readonly number[], steps: number])[] = [
  ['odeHeun', odeHeun(), flow, 32],
  ['ddim', ddim(), flow, 32],
  ['dpmSolverPlusPlus', dpmSolverPlusPlus(), flow, 16],
  ['eulerMaruyama', eulerMaruyama(), average, 64],
]

describe('on tensors of the GPU', () => {
  test.each(cases)('%s has the order of convergence that it declares', async (_, sampler, exact, steps) => {
    const target = gaussian({ mean: [mean], covariance: variance }).diffused(process)
    const score = compile((x: Tensor, t: Tensor) => target.score(x, t), { executor: gpu.executor() })
    const error = async (steps: number): Promise<number> => {
      const x = tensor(starts, [3, 1])
      const options = { key: key(0), x, steps, finite: false, denoise: 'none' } as const
      const end = await sample({ process, score }, sampler, {
        ...options,
        normal: (_, shape) => zeros(shape),
      })
      return Math.max(...Array.from(await end.data(), (value, i) => Math.abs(value - exact[i]!)))
    }
    const [coarse, fine] = [await error(steps), await error(2 * steps)]
    // Far above float32's rounding.
    expect(fine).toBeGreaterThan(2e-5)
    expect(Math.log2(coarse / fine)).toBeGreaterThan(sampler.order - 0.25)
    await score.dispose()
  })

  test.each([
    ['eulerMaruyama', eulerMaruyama(), 60],
    ['predictorCorrector', predictorCorrector(), 40],
  ] as const)('%s reaches the moments of a mixture', async (_, sampler, steps) => {
    const rows = 400
    const target = gaussianMixture({
      weights: [0.3, 0.7],
      means: [[-1, -1], [1, 1]], // biome-ignore format: points
      covariances: [[0.5, 0.5], [[0.6, -0.2], [-0.2, 0.4]]], // biome-ignore format: matrices
    })
    const exact = target.diffused(process)
    const score = compile((x: Tensor, t: Tensor) => exact.score(x, t), { executor: gpu.executor() })
    const options = { key: key(1), shape: [rows, 2], steps, finite: false }
    const values = await (await sample({ process, score }, sampler, options)).data()
    const column = (j: number): number[] => Array.from({ length: rows }, (_, i) => values[2 * i + j]!)
    const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b) / rows
    const [means, columns] = [[0, 1].map((j) => mean(column(j))), [column(0), column(1)]]
    for (const i of [0, 1]) {
      const spread = Math.sqrt(target.covariance[i]![i]!)
      expect(Math.abs(means[i]! - target.mean[i]!)).toBeLessThan((5 * spread) / Math.sqrt(rows))
      for (const j of [0, 1]) {
        const products = columns[i]!.map((x, k) => (x - means[i]!) * (columns[j]![k]! - means[j]!))
        const scale = spread * Math.sqrt(target.covariance[j]![j]!)
        expect(Math.abs(mean(products) - target.covariance[i]![j]!)).toBeLessThan(
          5 * scale * Math.sqrt(2 / rows),
        )
      }
    }
    await score.dispose()
  })
})

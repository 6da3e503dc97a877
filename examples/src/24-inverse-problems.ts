/** Behaviour 24: y = Ax + n by ΠGDM: super-resolution, tomography and undersampled k-space, against the exact posterior. */
import { moments } from '@sgm/metrics'
import { dpmSolverPlusPlus, matrixOperator, piGdm, sample } from '@sgm/samplers'
import { gaussian, mixturePosterior } from '@sgm/score'
import { vp } from '@sgm/sde'
import { key, normal, tensor } from '@sgm/tensor'
import { show } from './show'

const SIDE = 4
/** One row of A: a number for each pixel of a 4 × 4 image. */
const row = (f: (i: number, j: number) => number) =>
  Array.from({ length: SIDE ** 2 }, (_, k) => f(Math.floor(k / SIDE), k % SIDE))
const each = [0, 1, 2, 3]
const halves = [0, 1]
const wave = (u: number, v: number, f: (angle: number) => number) =>
  row((i, j) => f((2 * Math.PI * (u * i + v * j)) / SIDE) / SIDE)

const problems = {
  superResolution: halves.flatMap((a) =>
    halves.map((b) => row((i, j) => Number(i >> 1 === a && j >> 1 === b) / 4)),
  ),
  /** Sums along rows and columns; the last column's follows from the others. */
  tomography: [
    ...each.map((a) => row((i) => Number(i === a))),
    ...each.slice(1).map((b) => row((_, j) => Number(j === b))),
  ],
  kSpace: [
    wave(0, 0, Math.cos),
    wave(0, 1, Math.cos),
    wave(0, 1, Math.sin),
    wave(1, 0, Math.cos),
    wave(1, 0, Math.sin),
  ],
}

export async function main({ count = 1000, steps = 20, noise = 0.1 } = {}) {
  const target = gaussian({ mean: row((i, j) => (i + j) / 6), covariance: 0.25 })
  const process = vp()
  const { score } = target.diffused(process)
  const truth = [...(await target.sample(key(0), 1).data())]
  const found: Record<string, number[]> = {}
  for (const [name, matrix] of Object.entries(problems)) {
    const z = await normal(key(1), [matrix.length]).data()
    const y = matrix.map((a, i) => a.reduce((sum, v, k) => sum + v * truth[k]!, 0) + noise * z[i]!)
    // #region measurement
    const operator = matrixOperator(matrix)
    const measurement = { operator, observation: tensor([y]), noise }
    const guided = piGdm(process, score, measurement, { dataVariance: 0.25 })
    const x = await sample({ process, score: guided }, dpmSolverPlusPlus(), {
      key: key(2),
      shape: [count, SIDE ** 2],
      steps,
    })
    // #endregion
    const { mean, covariance } = await moments(x)
    const exact = mixturePosterior(target, { matrix, observation: y, noiseCovariance: noise ** 2 })
    const trace = (c: readonly (readonly number[])[]) => c.reduce((sum, r, i) => sum + r[i]!, 0)
    const error = Math.hypot(...mean.map((m, i) => m - exact.mean[i]!))
    found[name] = [error, trace(covariance), trace(exact.covariance)]
  }
  return found
}

await show(import.meta.url, async () => ({ '': 'error of mean  variance  exact', ...(await main()) }))

/** Behaviour 18: sample by every solver of the reverse SDE. */
import { moments } from '@sgm/metrics'
import {
  adaptiveSde,
  ancestral,
  consistentAnnealed,
  ddim,
  dpmSolverPlusPlus,
  eulerMaruyama,
  milstein,
  reverseDiffusion,
  type Sampler,
  sample,
  stochasticHeun,
  stochasticRungeKutta,
} from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 2000, steps = 100 } = {}) {
  // #region solvers
  const data = gaussian({ mean: [2], covariance: 0.25 })
  const process = vp()
  const problem = { process, score: data.diffused(process).score }
  const solvers: Sampler[] = [
    eulerMaruyama(),
    milstein(),
    stochasticHeun(),
    stochasticRungeKutta(),
    reverseDiffusion(),
    ancestral(),
    consistentAnnealed(),
    adaptiveSde(),
    ddim({ eta: 1 }),
    dpmSolverPlusPlus({ stochastic: true }),
  ]
  // #endregion
  const found: Record<string, number[]> = { exact: [data.mean[0]!, data.covariance[0]![0]!] }
  for (const solver of solvers) {
    // #region solvers
    const options = { key: key(0), shape: [count, 1], steps }
    const x = await sample(problem, solver, options)
    // #endregion
    const { mean, covariance } = await moments(x)
    found[solver.name] = [mean[0]!, covariance[0]![0]!]
  }
  return found
}

await show(import.meta.url, main)

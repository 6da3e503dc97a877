/** Behaviour 25: DDPM and NCSN models as scores, scores as DDPM and NCSN models, and few evaluations to sample them. */
import { ddim, dpmSolverPlusPlus, type Problem, type Sampler, sample, uniPc } from '@sgm/samplers'
import { ddpmFromScore, gaussian, ncsnFromScore, scoreFromDdpm, scoreFromNcsn } from '@sgm/score'
import { geometricSigmas, ve, vp } from '@sgm/sde'
import { abs, full, item, key, max, mean, sqrt, square, sub, sumRows } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 200 } = {}) {
  // #region convert
  const data = gaussian({ mean: [1, -1], covariance: [0.25, 1] })
  const [preserving, exploding] = [vp(), ve({ sigmaMax: 20 })]
  const sigmas = geometricSigmas({ sigmaMax: 20, levels: 1000 })

  // In the place of trained networks: ε(x, step) and s(x, level), both 0 … 999.
  const ddpm = ddpmFromScore(data.diffused(preserving).score, preserving)
  const exact = data.diffused(exploding).score
  const ncsn = ncsnFromScore(exact, exploding, { sigmas })
  const fromDdpm = {
    process: preserving,
    score: scoreFromDdpm(ddpm, preserving),
  }
  const fromNcsn = {
    process: exploding,
    score: scoreFromNcsn(ncsn, exploding, { sigmas }),
  }
  // #endregion

  /** Root mean square distance from where the exact probability flow ends. */
  async function error(problem: Problem, sampler: Sampler, steps: number): Promise<number> {
    const { process } = problem
    const x = process.prior.sample(key(0), [count, 2])
    const end = await sample(problem, sampler, { key: key(1), x, steps })
    const exact = data.flow(process, x, process.interval[1], process.cutOffs.sample)
    return item(sqrt(mean(sumRows(square(sub(end, exact))))))
  }
  const x = data.sample(key(2), count)
  const step = full([count], 500)
  const again = ddpmFromScore(fromDdpm.score, preserving)
  return {
    roundTrip: await item(max(abs(sub(again(x, step), ddpm(x, step))))),
    'DDPM, DDIM, 50 NFE': await error(fromDdpm, ddim(), 50),
    'DDPM, DPM-Solver++, 20 NFE': await error(fromDdpm, dpmSolverPlusPlus(), 20),
    'DDPM, UniPC, 10 NFE': await error(fromDdpm, uniPc(), 10),
    'NCSN, DPM-Solver++, 20 NFE': await error(fromNcsn, dpmSolverPlusPlus(), 20),
  }
}

await show(import.meta.url, main)

import { cosine, type LinearSDE, logSnrGrid, rectifiedFlow, sigmaT, subVp, ve, vp } from '@sgm/sde'
import { dispose, key } from '@sgm/tensor'
import { dpmSolverPlusPlus, sample } from '../src/index'
import { mixture } from './mixtures'
import type { SolverProblem } from './problem'

/** The mixture of two dimensions over the other processes, by their names: no peers solve it there. */
export const processes: Readonly<Record<string, () => Promise<SolverProblem>>> = {
  vp: () => over('vp', vp()),
  subVp: () => over('subVp', subVp()),
  cosine: () => over('cosine', cosine()),
  ve: () => over('ve', ve()),
  sigmaT: () => over('sigmaT', sigmaT()),
  rectifiedFlow: () => over('rectifiedFlow', rectifiedFlow()),
}

/** Its end is that of 300 steps of order 3, which 150 steps of UniPC's order 3 reach to 1e-5. */
async function over(name: string, process: LinearSDE): Promise<SolverProblem> {
  const model = { process, score: mixture(2).diffused(process).score }
  const x = process.prior.sample(key(5), [32, 2])
  const run = { key: key(0), x, steps: 300, times: logSnrGrid(), denoise: 'tweedie' } as const
  const y = await sample(model, dpmSolverPlusPlus({ order: 3 }), run)
  const [start, end] = [[...(await x.data())], [...(await y.data())]]
  dispose([x, y])
  return { name, shape: [2], start, end, errors: {}, own: process.grid, model: () => model }
}

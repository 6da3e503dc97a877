import {
  adaptiveSde,
  ancestral,
  annealedLangevin,
  consistentAnnealed,
  ddim,
  deis,
  dpmSolver,
  dpmSolverPlusPlus,
  dpmSolverPlusPlus2s,
  edmHeun,
  eulerMaruyama,
  milstein,
  odeEuler,
  odeHeun,
  odeRk45,
  predictorCorrector,
  reverseDiffusion,
  type Sampler,
  stochasticHeun,
  stochasticRungeKutta,
  uniPc,
} from '@sgm/samplers'
import { edm, type LinearSDE, ve, vp } from '@sgm/sde'
import type { samplerChoices } from '../demos/sampler'

/** A sampler, and the process and the number of steps that it is shown with. */
export interface Shown {
  readonly sampler: Sampler
  readonly process: LinearSDE
  readonly steps: number
}

const onVp = (sampler: Sampler, steps: number) => (): Shown => ({ sampler, process: vp(), steps })
const onVe = (sampler: Sampler, steps: number) => (): Shown => ({
  sampler,
  process: ve({ sigmaMin: 0.02, sigmaMax: 4 }),
  steps,
})

/** Every sampler of a diffusion by the name of its page. */
const samplers: Readonly<Record<keyof typeof samplerChoices, () => Shown>> = {
  'adaptive-sde': onVp(adaptiveSde(), 1),
  ancestral: onVp(ancestral(), 120),
  'annealed-langevin': onVe(annealedLangevin({ stepsPerLevel: 10 }), 30),
  'consistent-annealed': onVe(consistentAnnealed(), 120),
  ddim: onVp(ddim(), 40),
  deis: onVp(deis(), 14),
  'dpm-solver': onVp(dpmSolver(), 10),
  'dpm-solver-plus-plus': onVp(dpmSolverPlusPlus(), 20),
  'dpm-solver-plus-plus-2s': onVp(dpmSolverPlusPlus2s(), 40),
  'edm-heun': () => ({ sampler: edmHeun(), process: edm({ sigmaMax: 10 }), steps: 18 }),
  'euler-maruyama': onVp(eulerMaruyama(), 150),
  milstein: onVp(milstein(), 150),
  'ode-euler': onVp(odeEuler(), 80),
  'ode-heun': onVp(odeHeun(), 30),
  'ode-rk45': onVp(odeRk45({ tolerance: 1e-3 }), 1),
  'predictor-corrector': onVe(predictorCorrector(), 40),
  'reverse-diffusion': onVe(reverseDiffusion(), 120),
  'stochastic-heun': onVp(stochasticHeun(), 80),
  'stochastic-runge-kutta': onVp(stochasticRungeKutta(), 80),
  'uni-pc': onVp(uniPc(), 14),
}

/** @throws RangeError for a name that is none of the choices. */
export function samplerOf(name: string): Shown {
  const found = Object.entries(samplers).find(([one]) => one === name)
  if (!found) throw new RangeError(`samplerOf: expected ${Object.keys(samplers).join(' | ')}, got ${name}`)
  return found[1]()
}

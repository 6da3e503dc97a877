import type { LinearSDE, NumberSettings } from '@sgm/sde'
import { expected } from '@sgm/tensor/check'
import { annealedStepSize, ladderLevels, ladderRatio } from './annealing'
import { inGreyLevels } from './numerics/tolerance'
import { adaptiveSde, adaptiveSdeNumbers } from './samplers/adaptive-sde'
import { ancestral } from './samplers/ancestral'
import { annealedLangevin } from './samplers/annealed-langevin'
import { consistentAnnealed } from './samplers/consistent-annealed'
import { ddim, ddimNumbers } from './samplers/ddim'
import { deis } from './samplers/deis'
import { dpmSolver } from './samplers/dpm-solver'
import { dpmSolverPlusPlus } from './samplers/dpm-solver-plus-plus'
import { edmHeun, edmHeunNumbers } from './samplers/edm-heun'
import { eulerMaruyama } from './samplers/euler-maruyama'
import { langevin } from './samplers/langevin'
import { milstein } from './samplers/milstein'
import { odeEuler } from './samplers/ode-euler'
import { odeHeun } from './samplers/ode-heun'
import { odeRk45, odeRk45Numbers } from './samplers/ode-rk45'
import { predictorCorrector, predictorCorrectorNumbers } from './samplers/predictor-corrector'
import { reverseDiffusion } from './samplers/reverse-diffusion'
import { stochasticHeun } from './samplers/stochastic-heun'
import { stochasticRungeKutta } from './samplers/stochastic-runge-kutta'
import { uniPc } from './samplers/uni-pc'
import type { Sampler } from './types'

/** What a sampler is to run on. */
export interface SamplerTarget {
  readonly process: LinearSDE
  /** Entries of a datum. */
  readonly dims: number
  /** Wraps predictor and corrector alike, such as to keep known pixels. */
  readonly wrap: (sampler: Sampler) => Sampler
}

/** A sampler made for a run, and its steps where neither the sampler nor the user says. */
export interface MadeSampler {
  readonly sampler: Sampler
  readonly steps?: number
}

/** A sampler that is offered by name. */
export interface SamplerPreset {
  /** What it is, in a few words. */
  readonly summary: string
  /** The numbers that it takes. */
  readonly numbers: NumberSettings
  readonly make: (numbers: Readonly<Record<string, number>>, target: SamplerTarget) => MadeSampler
}

/** A sampler whose steps are its own, or those of its process. */
const wrapped = ({ wrap }: SamplerTarget, sampler: Sampler): MadeSampler => ({ sampler: wrap(sampler) })

const none = {}

/**
 * The samplers that are offered by name: to add one to the `sgm` command, to its options, its help and its docs, add it here.
 *
 * ```ts
 * const { sampler } = samplerPresets.ddim.make({ eta: 1 }, { process, dims: 2, wrap: (sampler) => sampler })
 * ```
 */
export const samplerPresets: Readonly<Record<string, SamplerPreset>> = {
  pc: {
    summary: 'predictor-corrector: reverse diffusion and Langevin',
    numbers: predictorCorrectorNumbers,
    make: ({ snr, correctorSteps }, { wrap }) => ({
      sampler: predictorCorrector(wrap(reverseDiffusion()), wrap(langevin({ snr: snr! })), {
        correctorSteps: correctorSteps!,
      }),
    }),
  },
  em: {
    summary: 'Euler-Maruyama on the reverse SDE',
    numbers: none,
    make: (_, target) => wrapped(target, eulerMaruyama()),
  },
  reverse: {
    summary: 'reverse diffusion',
    numbers: none,
    make: (_, target) => wrapped(target, reverseDiffusion()),
  },
  ancestral: {
    summary: 'ancestral sampling, as DDPM',
    numbers: none,
    make: (_, target) => wrapped(target, ancestral()),
  },
  milstein: { summary: 'Milstein', numbers: none, make: (_, target) => wrapped(target, milstein()) },
  'heun-sde': {
    summary: 'stochastic Heun',
    numbers: none,
    make: (_, target) => wrapped(target, stochasticHeun()),
  },
  'rk-sde': {
    summary: 'stochastic Runge-Kutta',
    numbers: none,
    make: (_, target) => wrapped(target, stochasticRungeKutta()),
  },
  adaptive: {
    summary: 'adaptive SDE solver',
    numbers: adaptiveSdeNumbers,
    make: ({ tolerance }, target) => wrapped(target, adaptiveSde({ tolerance: inGreyLevels(tolerance!) })),
  },
  ode: {
    summary: 'probability-flow ODE, adaptive RK45',
    numbers: odeRk45Numbers,
    make: ({ tolerance }, target) => wrapped(target, odeRk45({ tolerance: tolerance! })),
  },
  euler: {
    summary: 'probability-flow ODE, Euler',
    numbers: none,
    make: (_, target) => wrapped(target, odeEuler()),
  },
  heun: {
    summary: 'probability-flow ODE, Heun',
    numbers: none,
    make: (_, target) => wrapped(target, odeHeun()),
  },
  ddim: {
    summary: 'DDIM',
    numbers: ddimNumbers,
    make: (numbers, target) => wrapped(target, ddim(numbers)),
  },
  dpm: { summary: 'DPM-Solver-3', numbers: none, make: (_, target) => wrapped(target, dpmSolver()) },
  'dpm++': {
    summary: 'DPM-Solver++(2M)',
    numbers: none,
    make: (_, target) => wrapped(target, dpmSolverPlusPlus()),
  },
  'dpm++sde': {
    summary: 'DPM-Solver++(2M), stochastic',
    numbers: none,
    make: (_, target) => wrapped(target, dpmSolverPlusPlus({ stochastic: true })),
  },
  unipc: { summary: 'UniPC', numbers: none, make: (_, target) => wrapped(target, uniPc()) },
  deis: {
    summary: 'DEIS',
    numbers: none,
    make: (_, target) => wrapped(target, deis()),
  },
  edm: {
    summary: "EDM's Heun",
    numbers: edmHeunNumbers,
    make: (numbers, target) => wrapped(target, edmHeun(numbers)),
  },
  ald: { summary: 'annealed Langevin dynamics, where α = 1', numbers: none, make: annealed },
  cas: {
    summary: 'consistent annealed sampling',
    numbers: none,
    make: (_, target) => wrapped(target, consistentAnnealed()),
  },
}

/** NCSNv2's ladder between the process's noise levels, ratios of 1.1 at most, five Langevin steps a level. */
function annealed(_: unknown, target: SamplerTarget): MadeSampler {
  const { process, dims } = target
  if (process.marginal(process.interval[1]).alpha !== 1) {
    throw expected('ald', 'a process with α = 1, such as ve, sigma-t or edm', 'another')
  }
  const stepsPerLevel = 5
  const sigmaMin = process.marginal(process.cutOffs.sample).sigma
  const sigmaMax = process.prior.sigma
  const levels = ladderLevels({ sigmaMin, sigmaMax, ratio: ladderRatio(dims, { maximumRatio: 1.1 }) })
  const ratio = (sigmaMax / sigmaMin) ** (1 / (levels - 1))
  const stepSize = annealedStepSize({ ratio, sigmaMin, stepsPerLevel })
  return { ...wrapped(target, annealedLangevin({ stepSize, stepsPerLevel })), steps: levels }
}

import {
  adaptiveSde,
  ancestral,
  annealedLangevin,
  annealedStepSize,
  consistentAnnealed,
  ddim,
  deis,
  dpmSolver,
  dpmSolverPlusPlus,
  edmHeun,
  eulerMaruyama,
  ladderLevels,
  ladderRatio,
  langevin,
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
import type { LinearSDE } from '@sgm/sde'
import { expected } from '@sgm/tensor'
import { choose } from './choose'

/** What a sampler's factory may take from the command line. */
export interface SamplerSettings {
  /** Signal-to-noise ratio of the Langevin corrector. @default 0.16 */
  readonly snr?: number
  /** Corrector steps before each predictor step. @default 1 */
  readonly correctorSteps?: number
  /** Absolute and relative tolerance of the adaptive solvers. @default the sampler's */
  readonly tolerance?: number
  /** Share of the ancestral noise in DDIM. @default 0 */
  readonly eta?: number
  /** Noise added back by EDM's sampler. @default 0 */
  readonly churn?: number
}

/** What a sampler is to run on. */
export interface SamplerTarget extends SamplerSettings {
  readonly process: LinearSDE
  /** Whether α is 1 throughout. */
  readonly exploding: boolean
  /** Entries of a datum. */
  readonly dims: number
  /** Wraps predictor and corrector alike, such as to keep known pixels. */
  readonly wrap: <State>(sampler: Sampler<State>) => Sampler<State>
}

/** A sampler made for a run, and its steps where neither the sampler nor the user says. */
export interface MadeSampler {
  readonly sampler: Sampler<unknown>
  readonly steps?: number
}

interface SamplerChoice {
  readonly summary: string
  readonly make: (target: SamplerTarget) => MadeSampler
}

/** A sampler of fixed steps: `steps` is what its family is published with. */
const plain = (summary: string, make: (settings: SamplerSettings) => unknown): SamplerChoice => ({
  summary,
  make: (target) => ({ sampler: target.wrap(make(target) as Sampler<unknown>) }),
})

const tolerances = ({ tolerance }: SamplerSettings) =>
  tolerance === undefined ? {} : { absoluteTolerance: tolerance, relativeTolerance: tolerance }

const samplers: Readonly<Record<string, SamplerChoice>> = {
  pc: {
    summary: 'predictor-corrector: reverse diffusion and Langevin',
    make: ({ wrap, snr = 0.16, correctorSteps = 1 }) => ({
      sampler: predictorCorrector(
        wrap(reverseDiffusion()) as Sampler<undefined>,
        wrap(langevin({ snr }) as Sampler<undefined>),
        { correctorSteps },
      ) as Sampler<unknown>,
    }),
  },
  em: plain('Euler-Maruyama on the reverse SDE', () => eulerMaruyama()),
  reverse: plain('reverse diffusion', () => reverseDiffusion()),
  ancestral: plain('ancestral sampling, as DDPM', () => ancestral()),
  milstein: plain('Milstein', () => milstein()),
  'heun-sde': plain('stochastic Heun', () => stochasticHeun()),
  'rk-sde': plain('stochastic Runge-Kutta', () => stochasticRungeKutta()),
  adaptive: plain('adaptive SDE solver', (settings) => adaptiveSde(tolerances(settings))),
  ode: plain('probability-flow ODE, adaptive RK45', (settings) => odeRk45(tolerances(settings))),
  euler: plain('probability-flow ODE, Euler', () => odeEuler()),
  heun: plain('probability-flow ODE, Heun', () => odeHeun()),
  ddim: plain('DDIM', ({ eta = 0 }) => ddim({ eta })),
  dpm: plain('DPM-Solver-3', () => dpmSolver()),
  'dpm++': plain('DPM-Solver++(2M)', () => dpmSolverPlusPlus()),
  'dpm++sde': plain('DPM-Solver++(2M), stochastic', () => dpmSolverPlusPlus({ stochastic: true })),
  unipc: plain('UniPC', () => uniPc()),
  deis: plain('DEIS', () => deis()),
  edm: plain("EDM's Heun", ({ churn = 0 }) => edmHeun({ churn })),
  ald: { summary: 'annealed Langevin dynamics (ve, sigma-t)', make: annealed },
  cas: plain('consistent annealed sampling', () => consistentAnnealed()),
}

/** Names of samplers, each with what it is. */
export const samplerSummaries: readonly (readonly [name: string, summary: string])[] = Object.entries(
  samplers,
).map(([name, { summary }]) => [name, summary])

/** The sampler of a name. */
export function makeSampler(name: string, target: SamplerTarget): MadeSampler {
  return choose('--sampler', samplers, name).make(target)
}

/** NCSNv2's ladder between the process's noise levels, ratios of 1.1 at most, five Langevin steps a level. */
function annealed({ process, exploding, dims, wrap }: SamplerTarget): MadeSampler {
  if (!exploding) throw expected('sgm', '--sde ve or sigma-t for --sampler ald', 'another process')
  const stepsPerLevel = 5
  const sigmaMin = process.marginal(process.cutOffs.sample).sigma
  const sigmaMax = process.prior.sigma
  const levels = ladderLevels({ sigmaMin, sigmaMax, ratio: ladderRatio(dims, { maximumRatio: 1.1 }) })
  const ratio = (sigmaMax / sigmaMin) ** (1 / (levels - 1))
  const stepSize = annealedStepSize({ ratio, sigmaMin, stepsPerLevel })
  return {
    sampler: wrap(annealedLangevin({ stepSize, stepsPerLevel }) as Sampler<unknown>),
    steps: levels,
  }
}

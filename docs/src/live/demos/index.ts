import type { Spec } from '../spec'
import { compiled } from './compiled'
import { conditioning } from './conditioning'
import { digits } from './digits'
import { drawing } from './drawing'
import { evaluations } from './evaluations'
import { langevin } from './langevin'
import { loss } from './loss'
import { lostWeights } from './lost-weights'
import { mixture } from './mixture'
import { particles } from './particles'
import { pipeline } from './pipeline'
import { predictorCorrector } from './predictor-corrector'
import { probabilityFlow } from './probability-flow'
import { process } from './process'
import { sampler } from './sampler'
import { scoreMatching } from './score-matching'
import { sdePaths } from './sde-paths'

/** Every live demo by its name. */
export const demos = {
  mixture,
  'score-matching': scoreMatching,
  langevin,
  'lost-weights': lostWeights,
  'sde-paths': sdePaths,
  evaluations,
  'predictor-corrector': predictorCorrector,
  'probability-flow': probabilityFlow,
  conditioning,
  digits,
  drawing,
  particles,
  sampler,
  process,
  loss,
  compiled,
  pipeline,
} as const satisfies Record<string, Spec>

export type DemoName = keyof typeof demos

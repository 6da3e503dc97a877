import type { DemoName } from '../demos'
import type { Program } from '../program'

type Loaded = () => Promise<{ readonly default: Program }>

/** The program of each demo, fetched when it is started. */
export const programs: Readonly<Record<DemoName, Loaded>> = {
  mixture: () => import('./mixture'),
  'score-matching': () => import('./score-matching'),
  langevin: () => import('./langevin'),
  'lost-weights': () => import('./lost-weights'),
  'sde-paths': () => import('./sde-paths'),
  evaluations: () => import('./evaluations'),
  'predictor-corrector': () => import('./predictor-corrector'),
  'probability-flow': () => import('./probability-flow'),
  conditioning: () => import('./conditioning'),
  digits: () => import('./digits'),
  drawing: () => import('./drawing'),
  particles: () => import('./particles'),
  sampler: () => import('./sampler'),
  process: () => import('./process'),
  loss: () => import('./loss'),
  compiled: () => import('./compiled'),
  pipeline: () => import('./pipeline'),
}

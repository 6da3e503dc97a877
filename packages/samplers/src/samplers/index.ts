export { type AdaptiveSdeOptions, type AdaptiveSdeState, adaptiveSde } from './adaptive-sde'
export { type AncestralOptions, ancestral } from './ancestral'
export { type AnnealedLangevinOptions, annealedLangevin } from './annealed-langevin'
export { type ConsistentAnnealedOptions, consistentAnnealed } from './consistent-annealed'
export { eulerMaruyama } from './euler-maruyama'
export { type HmcOptions, hmc } from './hmc'
export { type LangevinOptions, langevin } from './langevin'
export { type MalaOptions, mala } from './mala'
export {
  type PredictorCorrectorOptions,
  type PredictorCorrectorState,
  predictorCorrector,
} from './predictor-corrector'
export { reverseDiffusion } from './reverse-diffusion'
export { stochasticHeun } from './stochastic-heun'
export { stochasticRungeKutta } from './stochastic-runge-kutta'
export { type Phase, type UnderdampedLangevinOptions, underdampedLangevin } from './underdamped-langevin'

export { type Arithmetic, numbers, tensors } from './arithmetic'
export { isLinear, spanOf } from './capabilities'
export { checkItoSde, checkLinearSde } from './check-process'
export type { LinearSdeOptions, ProcessOptions } from './closed-form'
export { type GeometricSigmasOptions, geometricSigmas } from './grids/geometric-sigmas'
export { type KarrasGridOptions, karrasGrid } from './grids/karras'
export { logSnrGrid } from './grids/log-snr'
export { quadraticGrid } from './grids/quadratic'
export { toZero } from './grids/to-zero'
export { uniformGrid } from './grids/uniform'
export { type IntegratedSdeOptions, integratedSde } from './integrated-sde'
export { itoSde } from './ito-sde'
export { kernelNoise, kernelScore, perturb, posteriorMean, type Times, transition } from './kernel'
export { linearSde } from './linear-sde'
export {
  halfLogSnr,
  logSnr,
  type NoiseLevel,
  noiseLevel,
  noiseLevelOf,
  timeOfHalfLogSnr,
  timeOfLogSnr,
} from './log-snr'
export {
  isAllowed,
  type NumberSetting,
  type NumberSettings,
  type NumbersOf,
  numbersOf,
  rangeInWords,
} from './numbers'
export {
  karras2022,
  type LadderPreset,
  ncsn,
  ncsnV2,
  nicholDhariwal2021,
  type Preset,
  type ProcessPreset,
  processPresets,
  song2021,
  songTutorial,
} from './presets'
export { gaussianPrior } from './prior'
export * from './processes'
export {
  probabilityFlowDrift,
  type ReverseCoefficients,
  type ReverseStep,
  reverseCoefficients,
  reverseDrift,
  reverseSde,
  reverseStep,
} from './reverse'
export { itoOf, type SimulateOptions, simulate, simulateExact } from './simulate'
export { type TabulatedVpOptions, tabulatedVp } from './tabulated-vp'
export type * from './types'

export { type Arithmetic, numbers, tensors } from './arithmetic'
export { checkLinearSde } from './check-process'
export { type GeometricSigmasOptions, geometricSigmas } from './grids/geometric-sigmas'
export { type KarrasGridOptions, karrasGrid } from './grids/karras'
export { logSnrGrid } from './grids/log-snr'
export { quadraticGrid } from './grids/quadratic'
export { toZero } from './grids/to-zero'
export { uniformGrid } from './grids/uniform'
export { type IntegratedSdeOptions, integratedSde } from './integrated-sde'
export { kernelNoise, kernelScore, perturb, type Times, transition } from './kernel'
export { type LinearSdeOptions, linearSde, type ProcessOptions } from './linear-sde'
export { halfLogSnr, logSnr, timeOfHalfLogSnr, timeOfLogSnr } from './log-snr'
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
  probabilityFlow,
  probabilityFlowDrift,
  type ReverseCoefficients,
  reverseCoefficients,
  reverseDrift,
  reverseSde,
} from './reverse'
export { itoOf, type SimulateOptions, simulate, simulateExact } from './simulate'
export type * from './types'

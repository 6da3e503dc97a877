export { fisherDivergence } from './fisher-divergence'
export * from './objectives'
export { type WeightingPreset, weightingPresets } from './presets'
export { type Probe, sphere } from './probes'
export type { SlicedOptions } from './sliced-options'
export {
  type ImportanceTimesOptions,
  importanceTimes,
  type ProcessTimesOptions,
  type TimeDistribution,
  type TimeSampling,
  uniformTimes,
} from './times'
export type * from './types'
export { balanced, flowWeighting, likelihoodWeighting, type Weighting } from './weighting'

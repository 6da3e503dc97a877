export { type DdpmOptions, ddpmFromScore, scoreFromDdpm } from './discrete/ddpm'
export { type NcsnOptions, ncsnFromScore, scoreFromNcsn } from './discrete/ncsn'
export { timeScaled } from './discrete/time-scale'
export { type Ema, type EmaOptions, ema } from './ema'
export type { Covariance } from './exact/covariance'
export { type EmpiricalMarginals, empirical } from './exact/empirical'
export { energyScore } from './exact/energy'
export { type Gaussian, type GaussianOptions, gaussian } from './exact/gaussian'
export {
  type DiffusedTarget,
  type ExactTarget,
  type GaussianMixture,
  type GaussianMixtureOptions,
  gaussianMixture,
} from './exact/gaussian-mixture'
export { type LinearMeasurement, mixturePosterior } from './exact/posterior'
export {
  type ClassifierGuidanceOptions,
  classifierGuidance,
  labelLogLikelihood,
} from './guidance/classifier'
export { type ClassifierFreeGuidanceOptions, classifierFreeGuidance } from './guidance/classifier-free'
export { type LayersModel, layersScore } from './layers-model'
export {
  type NetworkPreset,
  type NetworkTarget,
  networkPresets,
  type TrainingPreset,
} from './network-presets'
export type { Block, Parameter, Parameters } from './networks/blocks/block'
export type { Initializer } from './networks/blocks/initializers'
export type { Progressive } from './networks/blocks/pyramid'
export { ddpm } from './networks/ddpm'
export { ddpmpp } from './networks/ddpmpp'
export { type DitOptions, dit } from './networks/dit'
export { type MlpOptions, mlp } from './networks/mlp'
export { ncsnpp } from './networks/ncsnpp'
export { bind, countParameters, mapNetwork, type NetworkOptions, networkOf } from './networks/network'
export { type NoiseClassifierOptions, noiseClassifier } from './networks/noise-classifier'
export { type RefineNetOptions, refineNet } from './networks/refine-net'
export {
  type GaussianFourierOptions,
  gaussianFourier,
  type LevelTableOptions,
  levelTable,
  noTime,
  rawTime,
  type SinusoidalOptions,
  sinusoidal,
  type TimeEmbedding,
} from './networks/time-embedding'
export { type TutorialUnetOptions, tutorialUnet } from './networks/tutorial-unet'
export type { UnetOptions } from './networks/unet-options'
export {
  type EdmCoefficients,
  type EdmPreconditioningOptions,
  edmCoefficients,
  edmPreconditioned,
} from './parametrisation/edm'
export {
  converted,
  type Maps,
  type Parametrisation,
  parametrisation,
} from './parametrisation/parametrisation'
export {
  dataPrediction,
  flowPrediction,
  noisePrediction,
  scaledScorePrediction,
  scorePrediction,
  velocityPrediction,
} from './parametrisation/predictions'
export { type PredictionPreset, predictionPresets } from './prediction-presets'
export type * from './types'
export { fromDiffusers, type LoadedNetwork } from './weights/diffusers'
export type { DiffusersConfig } from './weights/diffusers-config'
export type { DiffusersTransformerConfig } from './weights/diffusers-transformer'
export { type FromEdmOptions, fromEdm } from './weights/edm'
export { type FromKDiffusionOptions, fromKDiffusion } from './weights/k-diffusion'
export { fromScoreSde } from './weights/score-sde'
export { loadWeights, saveWeights } from './weights/weights'

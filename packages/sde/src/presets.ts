import { cosine } from './processes/cosine'
import { edm } from './processes/edm'
import { sigmaT } from './processes/sigma-t'
import { subVp } from './processes/sub-vp'
import { ve } from './processes/ve'
import { vp } from './processes/vp'
import type { LinearSDE } from './types'

/** A published setting: the process, and how its authors sampled with it. */
export interface Preset {
  readonly process: LinearSDE
  /** Steps of the authors' sampler. */
  readonly steps: number
  /** Signal-to-noise ratio of the Langevin corrector, where one is used. */
  readonly snr?: number
  /** Decay of the moving average of the weights. */
  readonly ema: number
}

/** A published ladder for annealed Langevin dynamics. */
export interface LadderPreset {
  readonly sigmaMax: number
  readonly sigmaMin: number
  /** Number L of noise levels. */
  readonly levels: number
  /** Langevin steps T a level. */
  readonly stepsPerLevel: number
  /** Step size ε at the smallest level. */
  readonly epsilon: number
}

const songVe = (sigmaMax: number, steps: number, snr: number): Preset => ({
  process: ve({ sigmaMin: 0.01, sigmaMax }),
  steps,
  snr,
  ema: 0.999,
})

const ladder = (sigmaMax: number, levels: number, stepsPerLevel: number, epsilon: number): LadderPreset => ({
  sigmaMax,
  sigmaMin: 0.01,
  levels,
  stepsPerLevel,
  epsilon,
})

/** Song et al. 2021, "Score-based generative modeling through stochastic differential equations", appendices C, G and H. */
export const song2021 = {
  veCifar10: () => songVe(50, 1000, 0.16),
  veCelebA64: () => songVe(90, 1000, 0.17),
  veFfhq256: () => songVe(348, 2000, 0.075),
  veLsunBedroom256: () => songVe(378, 2000, 0.075),
  veLsunChurch256: () => songVe(380, 2000, 0.075),
  veFfhq1024: () => songVe(1348, 2000, 0.15),
  vpCifar10: (): Preset => ({ process: vp(), steps: 1000, snr: 0.16, ema: 0.9999 }),
  subVpCifar10: (): Preset => ({ process: subVp(), steps: 1000, snr: 0.16, ema: 0.9999 }),
} as const

/** Song 2021, the tutorial's MNIST system. */
export const songTutorial = {
  mnist: () => ({ process: sigmaT({ sigma: 25 }), steps: 500, snr: 0.16 }),
} as const

/** Song and Ermon 2019, "Generative modeling by estimating gradients of the data distribution" (NCSN). */
export const ncsn = {
  cifar10: () => ladder(1, 10, 100, 2e-5),
} as const

/** Song and Ermon 2020, "Improved techniques for training score-based generative models" (NCSNv2), table 3. */
export const ncsnV2 = {
  cifar10: () => ladder(50, 232, 5, 6.2e-6),
  celebA64: () => ladder(90, 500, 5, 3.3e-6),
  lsunChurch96: () => ladder(140, 788, 4, 4.9e-6),
  lsunBedroom128: () => ladder(190, 1086, 3, 1.8e-6),
  lsunTower128: () => ladder(190, 1086, 3, 1.8e-6),
  ffhq256: () => ladder(348, 2311, 3, 0.9e-6),
} as const

/** Nichol and Dhariwal 2021, "Improved denoising diffusion probabilistic models". */
export const nicholDhariwal2021 = {
  cosine: () => ({ process: cosine({ offset: 0.008 }), steps: 4000, ema: 0.9999 }),
} as const

/** Karras et al. 2022, "Elucidating the design space of diffusion-based generative models": the deterministic CIFAR-10 run. */
export const karras2022 = {
  cifar10: () => ({ process: edm({ sigmaMin: 0.002, sigmaMax: 80 }), steps: 18, rho: 7 }),
} as const

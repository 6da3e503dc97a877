import type { NumberSettings } from './numbers'
import { cosine, cosineNumbers } from './processes/cosine'
import { edm, edmNumbers } from './processes/edm'
import { rectifiedFlow, rectifiedFlowNumbers } from './processes/rectified-flow'
import { sigmaT, sigmaTNumbers } from './processes/sigma-t'
import { subVp } from './processes/sub-vp'
import { ve, veNumbers } from './processes/ve'
import { vp, vpNumbers } from './processes/vp'
import type { LinearSDE } from './types'

/** A family of processes, and how its authors used it. */
export interface ProcessPreset {
  /** What it is, in a few words. */
  readonly summary: string
  readonly make: (numbers?: Readonly<Record<string, number>>) => LinearSDE
  /** The numbers that it takes. */
  readonly numbers: NumberSettings
  /** What pixels 0 … 255 are scaled to. */
  readonly range: readonly [number, number]
  /** Decay of the moving average of the weights. */
  readonly ema: number
  /** Steps of samplers that have no number of their own. */
  readonly steps: number
  /** The sampler that it is drawn with, by its name among the samplers' presets. */
  readonly sampler: string
  /** The same where every step is corrected by a measurement, which samplers that look back take less well. @default sampler */
  readonly restoring?: string
  /** The objective that it is trained with, by its name among the losses' presets. */
  readonly weighting: string
  /** What networks predict, by its name among the score's presets. @default what the network was published with */
  readonly predict?: string
}

const zeroToOne = [0, 1] as const
const centred = [-1, 1] as const

/**
 * The processes that are offered by name, drawn by the solver that is nearest in ten evaluations over all of them (`pnpm bench:solvers`), and
 * restored by their authors' samplers: to add one to the `sgm` command, to its options, its help and its docs, add it here.
 *
 * ```ts
 * const process = processPresets.ve.make({ sigmaMax: 90 })
 * ```
 */
export const processPresets = {
  // Song et al. 2021, appendices C, G and H.
  ve: {
    summary: 'variance exploding',
    make: ve,
    numbers: veNumbers,
    range: zeroToOne,
    ema: 0.999,
    steps: 1000,
    sampler: 'deis',
    restoring: 'pc',
    weighting: 'balanced',
  },
  vp: {
    summary: 'variance preserving, the limit of DDPM',
    make: vp,
    numbers: vpNumbers,
    range: centred,
    ema: 0.9999,
    steps: 1000,
    sampler: 'deis',
    restoring: 'pc',
    weighting: 'balanced',
  },
  subvp: {
    summary: 'sub-VP, with less noise than vp on the way',
    make: subVp,
    numbers: vpNumbers,
    range: centred,
    ema: 0.9999,
    steps: 1000,
    sampler: 'deis',
    restoring: 'pc',
    weighting: 'balanced',
  },
  // Song 2021, the tutorial.
  'sigma-t': {
    summary: "the tutorial's",
    make: sigmaT,
    numbers: sigmaTNumbers,
    range: zeroToOne,
    ema: 0.999,
    steps: 500,
    sampler: 'deis',
    restoring: 'pc',
    weighting: 'balanced',
  },
  // Nichol and Dhariwal 2021.
  cosine: {
    summary: 'the cosine schedule of improved DDPM',
    make: cosine,
    numbers: cosineNumbers,
    range: centred,
    ema: 0.9999,
    steps: 4000,
    sampler: 'deis',
    restoring: 'ancestral',
    weighting: 'balanced',
  },
  // Karras et al. 2022, whose average forgets a half in 500 000 images of batches of 512: 2^(−512/500000).
  edm: {
    summary: 'time is the noise level',
    make: edm,
    numbers: edmNumbers,
    range: centred,
    ema: 0.9993,
    steps: 1000,
    sampler: 'deis',
    restoring: 'edm',
    weighting: 'edm',
    predict: 'edm',
  },
  // Liu et al. 2022, section 5 and appendix D.
  'rectified-flow': {
    summary: 'straight paths from data to noise',
    make: rectifiedFlow,
    numbers: rectifiedFlowNumbers,
    range: centred,
    ema: 0.999999,
    steps: 1000,
    sampler: 'deis',
    restoring: 'ode',
    weighting: 'flow',
    predict: 'flow',
  },
} as const satisfies Readonly<Record<string, ProcessPreset>>

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
  process: ve({ sigmaMax }),
  steps,
  snr,
  ema: processPresets.ve.ema,
})

const ofFamily = ({ make, steps, ema }: ProcessPreset) => ({ process: make(), steps, ema })

const ladder = (sigmaMax: number, levels: number, stepsPerLevel: number, epsilon: number): LadderPreset => ({
  sigmaMax,
  sigmaMin: 0.01,
  levels,
  stepsPerLevel,
  epsilon,
})

/** Song et al. 2021, "Score-based generative modeling through stochastic differential equations", appendices C, G and H. */
export const song2021 = {
  veCifar10: () => songVe(veNumbers.sigmaMax.default, 1000, 0.16),
  veCelebA64: () => songVe(90, 1000, 0.17),
  veFfhq256: () => songVe(348, 2000, 0.075),
  veLsunBedroom256: () => songVe(378, 2000, 0.075),
  veLsunChurch256: () => songVe(380, 2000, 0.075),
  veFfhq1024: () => songVe(1348, 2000, 0.15),
  vpCifar10: (): Preset => ({ ...ofFamily(processPresets.vp), snr: 0.16 }),
  subVpCifar10: (): Preset => ({ ...ofFamily(processPresets.subvp), snr: 0.16 }),
} as const

/** Song 2021, the tutorial's MNIST system. */
export const songTutorial = {
  mnist: (): Preset => ({ ...ofFamily(processPresets['sigma-t']), snr: 0.16 }),
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
  cosine: (): Preset => ofFamily(processPresets.cosine),
} as const

/** Karras et al. 2022, "Elucidating the design space of diffusion-based generative models": the deterministic CIFAR-10 run. */
export const karras2022 = {
  cifar10: () => ({ ...ofFamily(processPresets.edm), steps: 18, rho: 7 }),
} as const

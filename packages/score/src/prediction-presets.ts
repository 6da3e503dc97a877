import { type LinearSDE, linearSde } from '@sgm/sde'
import { classLogits } from './parametrisation/class-logits'
import { edmPreconditioned } from './parametrisation/edm'
import {
  dataPrediction,
  flowPrediction,
  noisePrediction,
  scaledScorePrediction,
  velocityPrediction,
} from './parametrisation/predictions'
import type { ScoreFunction } from './types'

/** What a network's output may stand for. */
export interface PredictionPreset {
  /** What it is, in a few words. */
  readonly summary: string
  readonly toScore: (network: ScoreFunction, process: LinearSDE) => ScoreFunction
  /** The process in the times that the network is given: what networks that are told σ(t) ask. */
  readonly seen: (process: LinearSDE) => LinearSDE
  /** What the wrapped network tells. @default 'score' */
  readonly tells?: 'score' | 'classes'
}

const itself = (process: LinearSDE): LinearSDE => process

/**
 * What networks may predict, by the names that are offered: to add one to the `sgm` command, add it here.
 *
 * ```ts
 * const score = predictionPresets.noise.toScore(bind(network, parameters), process)
 * ```
 */
export const predictionPresets = {
  'scaled-score': {
    summary: 'σ times the score',
    toScore: (f, process) => scaledScorePrediction.toScore(f, process),
    seen: itself,
  },
  noise: { summary: 'the noise', toScore: (f, process) => noisePrediction.toScore(f, process), seen: itself },
  data: { summary: 'the data', toScore: (f, process) => dataPrediction.toScore(f, process), seen: itself },
  velocity: {
    summary: 'v = αε − σx₀',
    toScore: (f, process) => velocityPrediction.toScore(f, process),
    seen: itself,
  },
  flow: {
    summary: 'the flow dx/dt',
    toScore: (f, process) => flowPrediction.toScore(f, process),
    seen: itself,
  },
  edm: {
    summary: 'what EDM preconditions',
    toScore: (network, process) => edmPreconditioned(network, process),
    // The network is given c = ¼ ln σ.
    seen: (_: LinearSDE) =>
      linearSde({
        name: 'edm',
        marginal: (m, c) => ({ alpha: m.constant(1, c), sigma: m.exp(m.mul(c, 4)) }),
      }),
  },
  logits: {
    summary: 'the classes, up to a constant ln p(y | x)',
    toScore: (classifier, process) => classLogits(classifier, process),
    seen: itself,
    tells: 'classes',
  },
} as const satisfies Readonly<Record<string, PredictionPreset>>

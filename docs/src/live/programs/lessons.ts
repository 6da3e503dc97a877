import {
  denoising,
  edmDenoising,
  explicit,
  finiteDifferenceSliced,
  flowMatching,
  implicit,
  type Loss,
  likelihoodBound,
  multiLevelDenoising,
  noisyClassification,
  sdeDenoising,
  sliced,
  slicedVarianceReduced,
} from '@sgm/losses'
import {
  classifierGuidance,
  edmPreconditioned,
  flowPrediction,
  type GaussianMixture,
  gaussian,
  gaussianMixture,
  labelLogLikelihood,
  mapNetwork,
  mlp,
  type Network,
  noisePrediction,
  noTime,
  type ScoreFunction,
} from '@sgm/score'
import { edm, type LinearSDE, rectifiedFlow, vp } from '@sgm/sde'
import { add, cast, full, gather, type Key, less, mul, normal, split, tensor, uniform } from '@sgm/tensor'
import type { ConditionedBatch } from '@sgm/train'

/** What is trained, and how it is judged. */
export interface Lesson {
  readonly model: Network
  readonly loss: Loss
  /** Whose score the network has learned at `time`. */
  readonly truth: GaussianMixture
  readonly time: number
  /** What it is trained on. @default points of {@link data} */
  readonly batch?: (key: Key, size: number) => ConditionedBatch
  /** The score that the network is asked for, where it is not a score itself. */
  readonly scoreOf?: (network: ScoreFunction) => ScoreFunction
}

const [LOWER, UPPER] = [
  [-1.2, -1.2],
  [1.2, 1.2],
]
const VARIANCE = 0.5
const UPPER_SHARE = 0.6

/** The data: two broad modes, near enough for the score to be learned between them. */
export const data = gaussianMixture({
  weights: [1 - UPPER_SHARE, UPPER_SHARE],
  means: [LOWER, UPPER],
  covariances: [VARIANCE, VARIANCE],
})

const hidden = [64, 64]
const SIGMA = 0.3

const plain = (loss: Loss): Lesson => ({ model: mlp({ hidden, time: noTime }), loss, truth: data, time: 0 })

/** A lesson over a process, judged at a time at which its noise is felt. */
const over = (process: LinearSDE, model: Network, loss: Loss, time: number): Lesson => ({
  model,
  loss,
  truth: data.noised(process.marginal(time)),
  time,
})

/** Points of {@link data}, and which mode they are of. */
const labelled = (key: Key, size: number): ConditionedBatch => {
  const [labelKey, noiseKey] = split(key)
  const condition = cast(less(uniform(labelKey, [size]), UPPER_SHARE), 'int32')
  const noise = mul(normal(noiseKey, [size, 2]), Math.sqrt(VARIANCE))
  return { x: add(gather(tensor([LOWER, UPPER]), condition), noise), condition }
}

/** The exact score of all data, guided to the upper class by a classifier. */
const guided =
  (process: LinearSDE) =>
  (classifier: ScoreFunction): ScoreFunction => {
    const { score } = data.diffused(process)
    return (x, t) => {
      const upper = full([x.shape[0]!], 1, 'int32')
      return classifierGuidance(score, labelLogLikelihood(classifier, upper))(x, t)
    }
  }

const noise = (process: LinearSDE) => noisePrediction.score(mlp({ hidden }), process)

const lessons: Readonly<Record<string, () => Lesson>> = {
  explicit: () => plain(explicit({ truth: data.score })),
  implicit: () => plain(implicit()),
  sliced: () => plain(sliced({ projections: 2 })),
  'sliced-variance-reduced': () => plain(slicedVarianceReduced()),
  'finite-difference-sliced': () => plain(finiteDifferenceSliced()),
  denoising: () => ({
    ...plain(denoising({ sigma: SIGMA, controlVariate: true })),
    truth: data.noised({ sigma: SIGMA }),
  }),
  'sde-denoising': () => over(vp(), noise(vp()), sdeDenoising({ process: vp(), stratified: true }), 0.2),
  'likelihood-bound': () =>
    over(vp(), noise(vp()), likelihoodBound({ process: vp(), stratified: true }), 0.2),
  'multi-level-denoising': () => {
    const times = [0.05, 0.1, 0.2, 0.4, 0.8]
    const sigmas = times.map((t) => vp().marginal(t).sigma)
    return over(vp(), noise(vp()), multiLevelDenoising({ sigmas, times }), 0.2)
  },
  'edm-denoising': () => {
    const process = edm({ sigmaMax: 10 })
    const model = mapNetwork(mlp({ hidden }), (f) => edmPreconditioned(f, process, { sigmaData: 1.5 }))
    return over(process, model, edmDenoising({ sigmaData: 1.5 }), 0.5)
  },
  'noisy-classification': () => {
    const process = vp()
    const model = mlp({ hidden, outputs: 2 })
    return {
      ...over(process, model, noisyClassification({ process, stratified: true }), 0.2),
      truth: gaussian({ mean: UPPER, covariance: VARIANCE }).noised(process.marginal(0.2)),
      batch: labelled,
      scoreOf: guided(process),
    }
  },
  'flow-matching': () => {
    const process = rectifiedFlow()
    return over(
      process,
      flowPrediction.score(mlp({ hidden }), process),
      flowMatching({ process, stratified: true }),
      0.4,
    )
  },
}

/** @throws RangeError for a name that is none of the choices. */
export function lessonOf(name: string): Lesson {
  const lesson = lessons[name]
  if (!lesson) throw new RangeError(`lessonOf: expected ${Object.keys(lessons).join(' | ')}, got ${name}`)
  return lesson()
}

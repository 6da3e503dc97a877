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
  sdeDenoising,
  sliced,
  slicedVarianceReduced,
} from '@sgm/losses'
import {
  edmPreconditioned,
  flowPrediction,
  type GaussianMixture,
  gaussianMixture,
  mapNetwork,
  mlp,
  type Network,
  noisePrediction,
  noTime,
} from '@sgm/score'
import { edm, type LinearSDE, rectifiedFlow, vp } from '@sgm/sde'

/** What is trained, and how it is judged. */
export interface Lesson {
  readonly model: Network
  readonly loss: Loss
  /** Whose score the network has learned at `time`. */
  readonly truth: GaussianMixture
  readonly time: number
}

/** The data: two broad modes, near enough for the score to be learned between them. */
export const data = gaussianMixture({
  weights: [0.4, 0.6],
  means: [
    [-1.2, -1.2],
    [1.2, 1.2],
  ],
  covariances: [0.5, 0.5],
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

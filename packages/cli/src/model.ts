import { importanceTimes, type Loss, likelihoodWeighting, sdeDenoising } from '@sgm/losses'
import { bind, classifierFreeGuidance, mapNetwork, type Network, type Score } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { compile, type Executor, type NamedTensors, type Tensor } from '@sgm/tensor'
import { networkChoice } from './choices/networks'
import { prediction } from './choices/predictions'
import { processChoice } from './choices/processes'
import type { RunConfig } from './config'

/** What a configuration describes. */
export interface Model {
  readonly process: LinearSDE
  /** Its function is the score. */
  readonly network: Network
  readonly loss: Loss
}

/** Makes the parts of a run. */
export function modelOf(config: RunConfig): Model {
  const process = processChoice(config.sde).make(config)
  const network = networkChoice(config.net).make({
    ...config,
    classes: config.classes.length,
    process,
    centered: config.range?.[0] === -1,
  })
  return {
    process,
    network: mapNetwork(network, (f) => prediction(config.predict)(f, process)),
    loss: sdeDenoising({
      process,
      ...(config.weighting === 'likelihood' && { weighting: likelihoodWeighting, times: importanceTimes() }),
    }),
  }
}

/** A function that the runtime holds until it is disposed. */
export interface Loaded {
  /** Takes over weights that were reassigned. */
  refresh(): Promise<void>
  dispose(): Promise<void>
}

/** A score in the runtime. */
export interface LoadedScore extends Loaded {
  readonly score: Score
}

/** Loads the score of given weights, without a condition. */
export function loadScore(
  { network }: Model,
  weights: NamedTensors,
  executor: Executor | undefined,
): LoadedScore {
  const compiled = compile((x: Tensor, t: Tensor) => bind(network, weights)(x, t), executor && { executor })
  return { score: compiled, refresh: compiled.pushVariables, dispose: compiled.dispose }
}

/** A score that is guided towards labels. */
export interface LoadedGuidedScore extends Loaded {
  /** The score of rows of the given classes, int32 `[B]`. */
  score(labels: Tensor): Score
}

/** Loads the score of given weights, guided without a classifier towards the classes it was trained on. */
export function loadGuidedScore(
  { network }: Model,
  weights: NamedTensors,
  executor: Executor | undefined,
  scale: number,
): LoadedGuidedScore {
  const guided = (x: Tensor, t: Tensor, labels: Tensor): Tensor =>
    classifierFreeGuidance(bind(network, weights, labels), bind(network, weights), { scale })(x, t)
  const compiled = compile(guided, executor && { executor })
  return {
    score: (labels) => (x, t) => compiled(x, t, labels),
    refresh: compiled.pushVariables,
    dispose: compiled.dispose,
  }
}

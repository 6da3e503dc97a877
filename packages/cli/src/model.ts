import type { Loss } from '@sgm/losses'
import { bind, classifierFreeGuidance, mapNetwork, type Network, type Score } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { compile, type Executor, type NamedTensors, type Tensor } from '@sgm/tensor'
import type { RunConfig } from './config'
import { choose, inOwnWords, offered } from './settings/names'

/** What a configuration describes. */
export interface Model {
  readonly process: LinearSDE
  /** Its function is the score. */
  readonly network: Network
  readonly loss: Loss
}

/**
 * Makes the parts of a run.
 *
 * @throws RangeError, in the words of the command, where they do not fit each other.
 */
export function modelOf({ sde, net, numbers, weighting, ...config }: RunConfig): Model {
  const process = inOwnWords(Object.keys(numbers), `--sde ${sde}`, () =>
    choose('sde', offered.sde, sde).make(numbers),
  )
  const { seen, toScore } = choose('predict', offered.predict, config.predict)
  const network = inOwnWords(['width', 'blocks'], `--net ${net}`, () =>
    choose('net', offered.net, net).make({
      ...config,
      classes: config.classes.length,
      process: seen(process),
      centered: config.range?.[0] === -1,
    }),
  )
  return {
    process,
    network: mapNetwork(network, (f) => toScore(f, process)),
    loss: inOwnWords([], `--weighting ${weighting} and --sde ${sde}`, () =>
      choose('weighting', offered.weighting, weighting).make(process),
    ),
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

import { augmentationSize } from '@sgm/data'
import type { Loss } from '@sgm/losses'
import {
  bind,
  classifierFreeGuidance,
  classifierGuidance,
  labelLogLikelihood,
  mapNetwork,
  type Network,
  type Score,
} from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { compile, type Executor, expected, type NamedTensors, type Tensor } from '@sgm/tensor'
import type { RunConfig } from './config'
import { choose, inOwnWords, isClassifier, offered } from './settings/names'

/** What a configuration describes. */
export interface Model {
  readonly process: LinearSDE
  /** Its function is the score; that of a classifier, its logits. */
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
  const kind = isClassifier(net) ? 'classes' : 'score'
  const prediction = ofKind('predict', ({ tells }) => tells, config.predict, kind, net)
  const objective = ofKind('weighting', ({ teaches }) => teaches, weighting, kind, net)
  const { seen, toScore } = prediction
  const network = inOwnWords(['width', 'blocks'], `--net ${net}`, () =>
    choose('net', offered.net, net).make({
      ...config,
      classes: config.classes.length,
      augmentations: config.augment > 0 ? augmentationSize : 0,
      process: seen(process),
      centered: config.range?.[0] === -1,
    }),
  )
  return {
    process,
    network: mapNetwork(network, (f) => toScore(f, process)),
    loss: inOwnWords([], `--weighting ${weighting} and --sde ${sde}`, () => objective.make(process)),
  }
}

/** A choice that goes with the network. @throws RangeError that names those that do. */
function ofKind<Option extends 'predict' | 'weighting'>(
  option: Option,
  kindOf: (preset: (typeof offered)[Option][string]) => string | undefined,
  name: string,
  kind: string,
  net: string,
): (typeof offered)[Option][string] {
  const fitting = Object.entries(offered[option]).filter(([, preset]) => (kindOf(preset) ?? 'score') === kind)
  const found = fitting.find(([other]) => other === name)
  if (found) return found[1]
  const names = fitting.map(([other]) => other).join('|')
  throw expected('sgm', `--${option} ${names} with --net ${net}`, name)
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
  return loadGuided(guided, executor)
}

/** A network with weights to bind to it. */
export interface Trained {
  readonly model: Model
  readonly weights: NamedTensors
}

/** Loads a score that is guided by a classifier of noisy data: s + w ∇ ln p(y | x), traced as one function. */
export function loadScoreGuidedBy(
  classifier: Trained,
  { model, weights }: Trained,
  executor: Executor | undefined,
  scale: number,
): LoadedGuidedScore {
  const guided = (x: Tensor, t: Tensor, labels: Tensor): Tensor => {
    const likelihood = labelLogLikelihood(bind(classifier.model.network, classifier.weights), labels)
    return classifierGuidance(bind(model.network, weights), likelihood, { scale })(x, t)
  }
  return loadGuided(guided, executor)
}

/** Loads a score of (x, t, labels). */
function loadGuided(
  guided: (x: Tensor, t: Tensor, labels: Tensor) => Tensor,
  executor: Executor | undefined,
): LoadedGuidedScore {
  const compiled = compile(guided, executor && { executor })
  return {
    score: (labels) => (x, t) => compiled(x, t, labels),
    refresh: compiled.pushVariables,
    dispose: compiled.dispose,
  }
}

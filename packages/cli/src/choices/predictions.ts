import {
  dataPrediction,
  edmPreconditioned,
  noisePrediction,
  type ScoreFunction,
  scaledScorePrediction,
  velocityPrediction,
} from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { choose } from './choose'

type ToScore = (network: ScoreFunction, process: LinearSDE) => ScoreFunction

/** What a network's output may stand for. */
const predictions: Readonly<Record<string, ToScore>> = {
  'scaled-score': scaledScorePrediction.toScore,
  noise: noisePrediction.toScore,
  data: dataPrediction.toScore,
  velocity: velocityPrediction.toScore,
  edm: (network, process) => edmPreconditioned(network, process),
}

/** Names of what networks may predict. */
export const predictionNames = Object.keys(predictions)

/** The map from a network's output to a score, by name. */
export function prediction(name: string): ToScore {
  return choose('--predict', predictions, name)
}

import type { Score } from '@sgm/score'
import { choice, dispose, type Executor, foldIn, key, type NamedTensors, type Tensor } from '@sgm/tensor'
import type { RunConfig } from './config'
import { type Loaded, loadGuidedScore, loadScore, type Model } from './model'

/** Apart from the keys of blocks of samples, which count from 0. */
const CLASSES = 2 ** 32 - 1

/** How samples are told their classes. */
export interface ClassDrawing {
  /** As of the samples. @default 0 */
  readonly seed?: number | undefined
  /** 0 tells no class. @default 1 */
  readonly guidance?: number | undefined
}

/** The scores of samples in turn. */
export interface SampleScores extends Loaded {
  /** Of samples `start` … `start + count − 1`. */
  score(start: number, count: number): Score
}

/**
 * Loads the scores of samples of a run. Where it knows classes, each sample is told one, drawn with equal chances, that depends
 * on the seed and its number alone: a network that learned with labels has seen few images without.
 */
export function loadSampleScores(
  { classes }: RunConfig,
  model: Model,
  weights: NamedTensors,
  executor: Executor | undefined,
  { seed = 0, guidance = 1 }: ClassDrawing = {},
): SampleScores {
  if (classes.length === 0) {
    const { score, ...loaded } = loadScore(model, weights, executor)
    return { ...loaded, score: () => score }
  }
  const guided = loadGuidedScore(model, weights, executor, guidance)
  const drawn: Tensor[] = []
  return {
    refresh: guided.refresh,
    score(start, count) {
      const labels = choice(foldIn(foldIn(key(seed), CLASSES), start), classes.length, [count])
      drawn.push(labels)
      return guided.score(labels)
    },
    async dispose() {
      dispose(drawn)
      await guided.dispose()
    },
  }
}

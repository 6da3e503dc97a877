import type { Loss } from '@sgm/losses'
import type { Network } from '@sgm/score'
import type { Key, NamedTensors, Tensor } from '@sgm/tensor'
import type { CheckpointOptions } from './checkpoint'
import type { Optimizer } from './optimizers/types'
import type { RateSchedule } from './rate'

/**
 * The batch `[B, ...D]` of step 0, 1, …, a fresh tensor that the training loop disposes. It must depend on the step
 * alone, so that a resumed run sees the batches an uninterrupted one would have seen.
 */
export type BatchSource = (step: number) => Tensor | Promise<Tensor>

/** What an {@link Evaluation} sees: the state after a step. The tensors belong to the run. */
export interface EvaluationInput {
  readonly step: number
  readonly parameters: NamedTensors
  /** The moving average of the parameters, or the parameters where none is kept. */
  readonly ema: NamedTensors
}

/** Something to work out now and then during training; the numbers it returns are reported with the step. */
export interface Evaluation {
  /** Steps between two evaluations, >= 1. */
  readonly every: number
  run(input: EvaluationInput): Promise<Readonly<Record<string, number>>> | Readonly<Record<string, number>>
}

/** Options of {@link train}. */
export interface TrainOptions {
  readonly model: Network
  readonly loss: Loss
  readonly data: BatchSource
  /** Number of the last step, >= 1; a resumed run goes on to the same one. */
  readonly steps: number
  /** Of the initial parameters and of every draw. */
  readonly key: Key
  /** Parameters to start from; copied. @default `model.init` of the key */
  readonly parameters?: NamedTensors
  /** @default `adam()` */
  readonly optimizer?: Optimizer
  /** Learning rate, > 0, or one for each step. @default 1e-3 */
  readonly rate?: number | RateSchedule
  /** Steps over which the rate rises from 0. @default 0 */
  readonly warmUp?: number
  /** Largest global norm of the gradient, > 0; longer gradients are scaled down to it. @default no limit */
  readonly clip?: number
  /** Decay of the moving average of the parameters, in [0, 1); false keeps none. @default 0.999 */
  readonly ema?: number | false
  readonly evaluate?: Evaluation
  readonly checkpoint?: CheckpointOptions
  /** Ends the run after the current step: a checkpoint is saved, then the signal's reason is thrown. */
  readonly signal?: AbortSignal
}

/** What is known after each step. */
export interface TrainingStep {
  /** 1, 2, …, steps */
  readonly step: number
  /** Mean loss of the batch, before the update. */
  readonly loss: number
  /** Moving average of the loss (decay 0.99, corrected for its start). */
  readonly emaLoss: number
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number
  readonly rate: number
  /** Steps a second since this run began. */
  readonly stepsPerSecond: number
  /** What {@link Evaluation.run} returned, at the steps it ran. */
  readonly evaluation?: Readonly<Record<string, number>>
}

/**
 * A training run: iterate over it to train, then take its parameters. Leaving the loop early pauses the run; iterating
 * again goes on from there.
 */
export interface TrainingRun extends AsyncIterable<TrainingStep> {
  /** The current parameters; they belong to the run. Empty before the first step. */
  readonly parameters: NamedTensors
  /** Their moving average, or the parameters where none is kept. */
  readonly ema: NamedTensors
  /** Frees the parameters, their average and the optimiser's slots. */
  dispose(): void
  [Symbol.dispose](): void
}

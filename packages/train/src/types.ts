import type { Loss } from '@sgm/losses'
import type { Condition, EmaOptions, Network } from '@sgm/score'
import type { Executor, Key, NamedTensors, Progress, Tensor } from '@sgm/tensor'
import type { CheckpointOptions } from './checkpoint'
import type { Optimizer } from './optimizers/types'
import type { RateSchedule } from './rate'

/** Rows to train on. */
export interface ConditionedBatch {
  /** `[B, ...D]` */
  readonly x: Tensor
  /** What is known of each row, such as class labels (int32 `[B]`), or several things by their names: for the network, and for the
   * loss the tensor alone, or what is named `class_labels`. */
  readonly condition: Condition
}

/**
 * The batch `[B, ...D]`, B >= 1, of step 0, 1, …, alone or with what it is conditioned on. It must depend on the step alone, so
 * that a resumed run sees the batches an uninterrupted one would have seen.
 *
 * Tensors made since the loop began are freed after their step (with the temporaries of a synchronous source); those that
 * were there before stay the caller's, so that `() => x` trains on one batch. A tensor that is made in the loop and given
 * twice is an error: give a clone.
 */
export type BatchSource = (step: number) => Tensor | ConditionedBatch | Promise<Tensor | ConditionedBatch>

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
  /** The network that learns. */
  readonly model: Network
  /** What is minimised: its mean over the batch. */
  readonly loss: Loss
  /** Gives the rows of each step; who frees them: {@link BatchSource}. */
  readonly data: BatchSource
  /** Number of the last step, >= 1; a resumed run goes on to the same one. */
  readonly steps: number
  /** Of the initial parameters and of every draw. */
  readonly key: Key
  /** Parameters to start from: copied, and the caller's still. @default `model.init` of the key */
  readonly parameters?: NamedTensors
  /** @default `adam()` */
  readonly optimizer?: Optimizer
  /** Learning rate, >= 0, or one for each step. @default 1e-3 */
  readonly rate?: number | RateSchedule
  /** Steps over which the rate rises from 0. @default 0 */
  readonly warmUp?: number
  /** Largest global norm of the gradient, > 0; longer gradients are scaled down to it. @default no limit */
  readonly clip?: number
  /** Moving average of the parameters; false keeps none. @default decay 0.999, with warm-up */
  readonly ema?: EmaOptions | false
  /** Traces the step and runs it natively: `onnx()` of `@sgm/backend-onnx`. @default none: the step runs eagerly */
  readonly compile?: Executor
  /**
   * Steps between two reports, an integer >= 1. The losses of those between are read with the next one's, so that a GPU need not wait
   * for the host at each step; one that is not finite ends the run no later than then, and before anything is saved.
   *
   * @default 1
   */
  readonly reportEvery?: number
  /** Worked out now and then on the way. @default nothing */
  readonly evaluate?: Evaluation
  /** Where the run is kept, to go on from. @default nowhere */
  readonly checkpoint?: CheckpointOptions
  /** Ends the run after the current step: a checkpoint is saved, then the signal's reason is thrown. @default none */
  readonly signal?: AbortSignal
  /** Called with every step that is reported, before the loop over the run goes on. @default nothing */
  readonly onProgress?: (progress: TrainingProgress) => void
}

/** How far a run is: what is known after the step, with the number of all. */
export interface TrainingProgress extends Progress, TrainingStep {}

/** What is known after each step that is reported. */
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
  /**
   * The parameters as of the last evaluation, checkpoint or {@link pull}, and of now whenever the loop is not running. They
   * belong to the run. Empty before the first step.
   */
  readonly parameters: NamedTensors
  /** Their moving average, or the parameters where none is kept. */
  readonly ema: NamedTensors
  /** Brings `parameters` and `ema` up to date inside the loop of a compiled run, which keeps them in the runtime. */
  pull(): Promise<void>
  /** Keeps the state after the last step in the checkpoint's store, where there is one; nothing after a step that failed. */
  save(): Promise<void>
  /** Frees the parameters, their average and the optimiser's slots. */
  dispose(): void
  [Symbol.dispose](): void
}

import type { ScoreFunction } from '@sgm/score'
import type { Key, NamedTensors, Shape, Tensor } from '@sgm/tensor'

/**
 * An objective of score matching, in two halves so that the second can be traced and compiled:
 * everything random or scheduled is drawn on the host and enters as tensors.
 */
export interface Loss {
  /** The times, noise, probes and weights of one batch of shape `[B, ...D]`: named tensors whose first axis is B. Row i depends on (key, i) only. */
  draw(key: Key, shape: Shape): NamedTensors
  /**
   * The loss of each row: x `[B, ...D]` → `[B]`. Pure; may be traced.
   *
   * @param condition What the batch's rows are known to be, such as class labels (int32 `[B]`); a classifier's loss needs it.
   */
  evaluate(score: ScoreFunction, x: Tensor, draws: NamedTensors, condition?: Tensor): Tensor
}

import type { NoiseLevel } from '@sgm/sde'
import type { Tensor } from '@sgm/tensor'

/** What a score predicted at a level: data or noise, `[B, ...D]`. */
export interface Prediction {
  readonly value: Tensor
  readonly level: NoiseLevel
}

/** Predictions of the last steps, the newest first. */
export type Predictions = readonly Prediction[]

/**
 * The predictions that a polynomial over a step of length h in λ may go through: those nearer than a
 * hundredth of the step to a newer one say nothing of the slope but rounding, and repeated times nothing at all.
 */
export function spaced(history: Predictions, h: number): Prediction[] {
  const kept: Prediction[] = []
  for (const past of history) {
    const newer = kept.at(-1)?.level.lambda
    if (newer === undefined || Math.abs(past.level.lambda - newer) > 0.01 * Math.abs(h)) kept.push(past)
  }
  return kept
}

/** History that a sampler of an order keeps: some more than it uses, since repeated times do not count. */
export function remember(history: Predictions, order: number): Predictions {
  return history.slice(0, 2 * order)
}

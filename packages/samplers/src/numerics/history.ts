import { type NoiseLevel, noiseLevel, posteriorMean } from '@sgm/sde'
import type { Tensor } from '@sgm/tensor'
import { checkOneOf } from '@sgm/tensor/check'
import type { Steps } from '../run/steps'
import type { Context, Step } from '../types'

/** What a score predicted at a level: data or noise, `[B, ...D]`. */
export interface Prediction {
  readonly value: Tensor
  readonly level: NoiseLevel
}

/** Predictions of the last steps, the newest first. */
export type Predictions = readonly Prediction[]

/** The data that the score sees behind x. */
export function* predictData({ process, score }: Context, x: Tensor, t: number): Steps<Prediction> {
  return { value: posteriorMean(process, x, t, yield* score(x, t)), level: noiseLevel(process, t) }
}

/**
 * The predictions, as many as the order at most, that a polynomial over a step of length h in λ may go through: those nearer than a
 * hundredth of the step to a newer one say nothing of the slope but rounding, and repeated times nothing at all.
 */
export function spaced(history: Predictions, h: number, order: number): Prediction[] {
  const kept: Prediction[] = []
  for (const past of history) {
    const newer = kept.at(-1)?.level.lambda
    if (newer === undefined || Math.abs(past.level.lambda - newer) > 0.01 * Math.abs(h)) kept.push(past)
  }
  return kept.slice(0, order)
}

/** What a multistep sampler may do at the end of a run. */
export interface FinalOrders {
  /**
   * Lowers the order to the number of steps that are left: 1 at the last, 2 at the one before, as diffusers' `lower_order_final`. `'short'`
   * does so in runs of fewer than 15 steps alone.
   * @default false
   */
  readonly lowerOrderFinal?: boolean | 'short'
}

/** @throws RangeError unless the order is one of those given, and `lowerOrderFinal` what it may be. */
export function checkOrders(
  where: string,
  order: number,
  { lowerOrderFinal = false }: FinalOrders,
  orders: readonly number[],
): void {
  checkOneOf(where, { order }, orders)
  checkOneOf(where, { lowerOrderFinal }, [true, false, 'short'])
}

/** The order of a step of a run over these times. */
export function orderOf(
  order: number,
  lower: NonNullable<FinalOrders['lowerOrderFinal']>,
  { index, times }: Pick<Step, 'index' | 'times'>,
): number {
  const steps = times.length - 1
  return lower === true || (lower === 'short' && steps < 15) ? Math.min(order, steps - index) : order
}

/** History that a sampler of an order keeps: some more than it uses, since repeated times do not count. */
export function remember(history: Predictions, order: number): Predictions {
  return history.slice(0, 2 * order)
}

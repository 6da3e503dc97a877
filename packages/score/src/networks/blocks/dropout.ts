import {
  cast,
  div,
  foldIn,
  greaterEqual,
  type Key,
  type NamedTensors,
  type Shape,
  type Tensor,
  tidy,
  uniform,
} from '@sgm/tensor'
import { checkShape, expectedType } from '@sgm/tensor/check'

/** Where a network drops out: the shape of a row there by a name, which its block looks for beside its parameters. */
export type Masks = Readonly<Record<string, Shape>>

/** Masks for `count` rows: 0 with the chance `rate`, else 1/(1 − rate) (Srivastava et al. 2014, "Dropout", section 10). */
export function drawMasks(masks: Masks, rate: number, key: Key, count: number): NamedTensors {
  const mask = (shape: Shape, i: number): Tensor =>
    tidy(() => {
      const kept = greaterEqual(uniform(foldIn(key, i), [count, ...shape]), rate)
      return div(cast(kept, 'float32'), 1 - rate)
    })
  return Object.fromEntries(Object.entries(masks).map(([name, shape], i) => [name, mask(shape, i)]))
}

/** @throws TypeError unless the draws are masks of so many rows. RangeError for other shapes. */
export function checkMasks(where: string, masks: Masks, draws: NamedTensors, count: number): void {
  for (const [name, shape] of Object.entries(masks)) {
    const mask = draws[name]
    if (!mask) throw expectedType(where, 'what the network drew', `no ${name}`)
    checkShape(where, name, mask.shape, [count, ...shape])
  }
}

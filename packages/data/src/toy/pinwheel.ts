import {
  add,
  cast,
  choice,
  cos,
  exp,
  type Key,
  mul,
  normal,
  sin,
  split,
  stack,
  sub,
  type Tensor,
  tidy,
  unstack,
} from '@sgm/tensor'
import { checkAtLeast, checkIntegers, checkKeys, optionsOf } from '@sgm/tensor/check'

/** Options of {@link pinwheel}. */
export interface PinwheelOptions {
  /** Number of arms, >= 1. @default 5 */
  readonly arms?: number
  /** Standard deviation along an arm, >= 0. @default 0.3 */
  readonly radial?: number
  /** Standard deviation across an arm, >= 0. @default 0.05 */
  readonly tangential?: number
  /** How much an arm is wound: its angle grows by `rate · e^{r − 1}`, r along the arm. @default 0.25 */
  readonly rate?: number
}

/**
 * Draws from a pinwheel: Gaussians N((1, 0), diag(radial², tangential²)) turned to each arm and wound by their distance.
 *
 * Johnson et al. 2016, "Composing graphical models with neural networks for structured representations", section 5.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range.
 * @example
 * pinwheel(key(0), 1000, { arms: 5 }).shape // → [1000, 2]
 */
export function pinwheel(key: Key, count: number, options: PinwheelOptions = {}): Tensor {
  const {
    arms = 5,
    radial = 0.3,
    tangential = 0.05,
    rate = 0.25,
  } = optionsOf('pinwheel', options, { arms: true, radial: true, tangential: true, rate: true })
  checkKeys('pinwheel', { key })
  checkIntegers('pinwheel', { count, arms })
  checkAtLeast('pinwheel', { radial, tangential, rate }, 0)
  const [which, where] = split(key)
  return tidy(() => {
    const [u, v] = unstack(normal(where, [count, 2]), 1) as [Tensor, Tensor]
    const [along, across] = [add(mul(u, radial), 1), mul(v, tangential)]
    const turn = mul(cast(choice(which, arms, [count]), 'float32'), (2 * Math.PI) / arms)
    const angle = add(turn, mul(exp(sub(along, 1)), rate))
    const [c, s] = [cos(angle), sin(angle)]
    return stack([sub(mul(c, along), mul(s, across)), add(mul(s, along), mul(c, across))], 1)
  })
}

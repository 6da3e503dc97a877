import {
  add,
  expected,
  maximum,
  mean,
  mul,
  ones,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  tidy,
  zeros,
} from '@sgm/tensor'
import type { Block } from './block'
import { one, zero } from './initializers'

/** A group normalisation's groups. */
export interface GroupNormOptions {
  readonly channels: number
  /** Number of groups, a divisor of `channels`. */
  readonly groups: number
  /** Added to the variance. @default 1e-6 */
  readonly epsilon?: number
}

/** Group normalisation of x `[B, H, W, C]`, or of x plus an offset `[B, C]` that is the same at every place. */
export type GroupNorm = Block<[x: Tensor, offset?: Tensor]>

/**
 * Group normalisation (Wu and He 2018, equation 1): x `[B, H, W, C]` less the mean of its group of channels, over the
 * group's standard deviation, times `<name>.weight` `[C]` plus `<name>.bias` `[C]`. An offset is taken into the
 * moments, at no pass over x.
 *
 * @throws RangeError unless `groups` divides `channels`.
 */
export function groupNorm(name: string, { channels, groups, epsilon = 1e-6 }: GroupNormOptions): GroupNorm {
  if (channels % groups !== 0) throw expected('groupNorm', `groups that divide ${channels} channels`, groups)
  return {
    parameters: {
      [`${name}.weight`]: { shape: [channels], initial: one },
      [`${name}.bias`]: { shape: [channels], initial: zero },
    },
    apply: (p, x, offset) => normalised(x, offset, groups, epsilon, p[`${name}.weight`]!, p[`${name}.bias`]!),
  }
}

/** x `[B, H, W, C]` less the mean of its group of channels, over the group's standard deviation. */
export function standardisedGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const channels = x.shape[3]!
  return tidy(() => normalised(x, undefined, groups, epsilon, ones([channels]), zeros([channels])))
}

/**
 * Two reductions over the places give each channel's moments; groups are put together from those `[B, C]` numbers, and
 * x is read once more, for one multiplication and one addition. Var = E_c[Var_x] + Var_c[E_x] loses less to rounding
 * than E[x²] − E[x]² where the channels of a group lie far apart.
 */
function normalised(
  x: Tensor,
  offset: Tensor | undefined,
  groups: number,
  epsilon: number,
  weight: Tensor,
  bias: Tensor,
): Tensor {
  return tidy(() => {
    const [batch, , , channels] = x.shape as [number, number, number, number]
    const grouped = (v: Tensor): Tensor => reshape(v, [-1, groups, channels / groups])
    const first = grouped(mean(x, [1, 2]))
    const within = sub(grouped(mean(square(x), [1, 2])), square(first))
    const moved = offset && grouped(offset)
    const centres = moved ? add(first, moved) : first
    const centre = mean(centres, 2, true)
    const between = square(sub(centres, centre))
    const variance = maximum(mean(add(within, between), 2, true), 0)
    const scale = mul(rsqrt(add(variance, epsilon)), grouped(weight))
    const shift = add(grouped(bias), mul(sub(moved ?? 0, centre), scale))
    const aligned = (v: Tensor): Tensor => reshape(v, [batch, 1, 1, channels])
    return add(mul(x, aligned(scale)), aligned(shift))
  })
}

import { add, mul, reshape, silu, slice, type Tensor, tidy } from '@sgm/tensor'
import { type Block, parametersOf } from './block'
import { conv } from './conv'
import { groupNorm } from './group-norm'
import { uniformByFans } from './initializers'
import { linear } from './linear'
import type { Resample } from './resample'

/** What the blocks of one network share. */
export interface BlockStyle {
  /** Groups of a normalisation over so many channels. */
  groups(channels: number): number
  /** Added to the variances of normalisations. */
  readonly epsilon: number
  /** Divide sums of two paths by √2, which keeps their variance. */
  readonly rescale: boolean
  /** The time scales as well as shifts, after the second normalisation (Dhariwal and Nichol 2021, section 3). @default false */
  readonly modulated?: boolean
  /** A block that resamples has no filter on its shortcut where the channels stay the same. @default false */
  readonly plainShortcut?: boolean
}

/** The mask of a block of a name: what its second convolution sees is dropped by it, where one is given beside the parameters. */
export const dropoutOf = (name: string): string => `${name}.dropout`

/** Shape of a residual block. */
export interface ResidualOptions {
  readonly inputs: number
  readonly outputs: number
  /** Width of the time's embedding. */
  readonly features: number
  /** Halves or doubles both paths. @default none */
  readonly resample?: Resample | undefined
  /** Scale of the shortcut's initial weights. */
  readonly shortcutScale: number
}

/**
 * Residual block of DDPM (Ho et al. 2020, appendix B) and, where it resamples, of BigGAN (Brock et al. 2019, appendix
 * B): x `[B, H, W, inputs]`, features `[B, features]` of the time → conv2(swish(norm2(conv1(resample(swish(norm1 x)))
 * + time(features)))) + shortcut(resample x); where the time scales too, (1 + s) norm2(…) + b in place of norm2(… + time(features)).
 *
 * Parameters `<name>.{norm1,conv1,time,norm2,conv2}`, and `<name>.shortcut` (1×1) where the channels or, unless it is plain, the size
 * change. conv2 starts near zero.
 */
export function residual(
  name: string,
  { inputs, outputs, features, resample, shortcutScale }: ResidualOptions,
  style: BlockStyle,
): Block<[x: Tensor, features: Tensor]> {
  const norm = (at: string, channels: number) =>
    groupNorm(`${name}.${at}`, { channels, groups: style.groups(channels), epsilon: style.epsilon })
  const initial = uniformByFans()
  const norm1 = norm('norm1', inputs)
  const conv1 = conv(`${name}.conv1`, { inputs, outputs, initial })
  const { modulated = false, plainShortcut = false } = style
  const time = linear(`${name}.time`, {
    inputs: features,
    outputs: modulated ? 2 * outputs : outputs,
    initial,
  })
  const norm2 = norm('norm2', outputs)
  const conv2 = conv(`${name}.conv2`, { inputs: outputs, outputs, initial: uniformByFans(0) })
  const shortcut =
    inputs !== outputs || (resample && !plainShortcut)
      ? conv(`${name}.shortcut`, { inputs, outputs, size: 1, initial: uniformByFans(shortcutScale) })
      : undefined
  return {
    parameters: parametersOf(norm1, conv1, time, norm2, conv2, shortcut),
    apply: (p, x, embedded) =>
      tidy(() => {
        const moved = (v: Tensor): Tensor => (resample ? resample(v) : v)
        const first = conv1.convolve(p, moved(silu(norm1.apply(p, x))))
        const told = time.apply(p, embedded)
        const bias = p[`${name}.conv1.bias`]!
        const h = modulated
          ? scaledAndShifted(norm2.apply(p, add(first, bias)), told)
          : norm2.apply(p, first, add(told, bias))
        const beside = resample || shortcut ? moved(x) : x
        const kept = p[dropoutOf(name)]
        const active = kept ? mul(silu(h), kept) : silu(h)
        return joined(shortcut ? shortcut.apply(p, beside) : beside, conv2.apply(p, active), style)
      }),
  }
}

/** (1 + s) x + b for x `[B, H, W, C]` and s, b in the columns of `[B, 2C]`. */
export function scaledAndShifted(x: Tensor, told: Tensor): Tensor {
  const [batch, , , channels] = x.shape as [number, number, number, number]
  const part = (i: number): Tensor =>
    reshape(slice(told, [0, i * channels], [batch, channels]), [batch, 1, 1, channels])
  return add(mul(x, add(part(0), 1)), part(1))
}

/** The sum of two paths. */
export function joined(a: Tensor, b: Tensor, { rescale }: Pick<BlockStyle, 'rescale'>): Tensor {
  return rescale ? tidy(() => mul(add(a, b), Math.SQRT1_2)) : add(a, b)
}

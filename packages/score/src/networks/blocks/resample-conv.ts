import { add, conv2dTranspose, reverse, type Tensor, tidy, transpose } from '@sgm/tensor'
import type { Block } from './block'
import { conv } from './conv'
import { uniformByFans } from './initializers'
import { firBlur, firSmooth, upNearest } from './resample'

/** Channels of a convolution that also halves or doubles the size. */
export interface ResampleConvOptions {
  readonly inputs: number
  readonly outputs: number
  /** Smooth by NCSN++'s FIR filter. */
  readonly fir: boolean
}

/**
 * How many rows and columns of zeros {@link downConv} puts around: `'end'` is one below and to the right, as in DDPM.
 */
export type DownPadding = 'end' | 'both'

/** 3×3 convolution at stride 2 by `<name>.weight` and `<name>.bias`: `[B, H, W, inputs]` → `[B, H/2, W/2, outputs]`. */
export function downConv(
  name: string,
  { inputs, outputs, fir }: ResampleConvOptions,
  padding: DownPadding = 'end',
): Block {
  const pads = fir ? 'valid' : padding === 'end' ? 'same' : 1
  const filter = conv(name, { inputs, outputs, stride: 2, padding: pads, initial: uniformByFans() })
  return fir ? { ...filter, apply: (p, x) => filter.apply(p, firBlur(x)) } : filter
}

/**
 * Twice the size and a 3×3 convolution by `<name>.weight` and `<name>.bias`: `[B, H, W, inputs]` → `[B, 2H, 2W,
 * outputs]`. With FIR the convolution meets zeros between the pixels, and the filter smooths what comes out.
 */
export function upConv(name: string, { inputs, outputs, fir }: ResampleConvOptions): Block {
  const filter = conv(name, { inputs, outputs, initial: uniformByFans() })
  if (!fir) return { ...filter, apply: (p, x) => filter.apply(p, upNearest(x)) }
  const spread = (x: Tensor, weight: Tensor): Tensor => {
    const size = [2 * x.shape[1]! + 1, 2 * x.shape[2]! + 1] as const
    const turned = transpose(reverse(weight, [0, 1]), [0, 1, 3, 2])
    return conv2dTranspose(x, turned, size, { stride: 2, padding: 'valid' })
  }
  return {
    ...filter,
    apply: (p, x) => tidy(() => add(firSmooth(spread(x, p[`${name}.weight`]!)), p[`${name}.bias`]!)),
  }
}

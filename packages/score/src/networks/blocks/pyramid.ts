import { add, type NamedTensors, type Tensor } from '@sgm/tensor'
import type { Parameters } from './block'
import { conv } from './conv'
import { head } from './head'
import { uniformByFans } from './initializers'
import { downMean, firDown, firUp, upNearest } from './resample'
import { downConv, upConv } from './resample-conv'
import { type BlockStyle, joined } from './residual'

/** How images of growing or shrinking size run beside a U-Net (Karras et al. 2020, StyleGAN2, section 4.1). */
export type Progressive = 'none' | 'skip' | 'residual'

/** What a level of a U-Net and the pyramid beside it become together. */
export interface Pyramid {
  readonly parameters: Parameters
  apply(
    parameters: NamedTensors,
    h: Tensor,
    pyramid: Tensor,
  ): { readonly h: Tensor; readonly pyramid: Tensor }
}

/** Channels of a pyramid's level: of the pyramid before it, and of the network beside it. */
export interface PyramidOptions {
  readonly before: number
  readonly beside: number
  readonly fir: boolean
}

/**
 * The input, halved as often as the network's way down: added to it by `<name>` (1×1) for `'skip'`; for `'residual'`
 * halved by `<name>` (3×3), and the sum goes on both ways.
 */
export function inputPyramid(
  name: string,
  kind: Exclude<Progressive, 'none'>,
  { before, beside, fir }: PyramidOptions,
  style: BlockStyle,
): Pyramid {
  if (kind === 'residual') {
    const step = downConv(name, { inputs: before, outputs: beside, fir })
    return {
      parameters: step.parameters,
      apply: (p, h, pyramid) => {
        const sum = joined(step.apply(p, pyramid), h, style)
        return { h: sum, pyramid: sum }
      },
    }
  }
  const filter = conv(name, { inputs: before, outputs: beside, size: 1, initial: uniformByFans() })
  return {
    parameters: filter.parameters,
    apply: (p, h, pyramid) => {
      const smaller = (fir ? firDown : downMean)(pyramid)
      return { h: add(filter.apply(p, smaller), h), pyramid: smaller }
    },
  }
}

/**
 * The output, put together on the network's way up: for `'skip'` an image of each size by `<name>.{norm,conv}`, added
 * to the one before, doubled; for `'residual'` the pyramid is doubled by `<name>.conv`, and its sum with the network
 * goes on both ways.
 *
 * @param start Whether this is the coarsest level, which has no pyramid before it.
 */
export function outputPyramid(
  name: string,
  kind: Exclude<Progressive, 'none'>,
  { before, beside, fir }: PyramidOptions,
  style: BlockStyle,
  start: boolean,
): Pyramid {
  if (kind === 'residual' && !start) {
    const step = upConv(`${name}.conv`, { inputs: before, outputs: beside, fir })
    return {
      parameters: step.parameters,
      apply: (p, h, pyramid) => {
        const sum = joined(step.apply(p, pyramid), h, style)
        return { h: sum, pyramid: sum }
      },
    }
  }
  const outputs = kind === 'residual' ? beside : before
  const image = head(name, { inputs: beside, outputs, scale: kind === 'residual' ? 1 : 0 }, style)
  return {
    parameters: image.parameters,
    apply: (p, h, pyramid) => {
      const here = image.apply(p, h)
      return { h, pyramid: start ? here : add((fir ? firUp : upNearest)(pyramid), here) }
    },
  }
}

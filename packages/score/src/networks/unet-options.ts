import { checkLinearSde, type LinearSDE, ve } from '@sgm/sde'
import { expected, log } from '@sgm/tensor'
import {
  checkFlags,
  checkHalfOpen,
  checkIntegers,
  checkLists,
  checkOneOf,
  checkPositive,
  optionsOf,
} from '@sgm/tensor/check'
import type { Network } from '../types'
import { attention as attentionBlock } from './blocks/attention'
import { fromPatches, toPatches } from './blocks/patches'
import type { Progressive } from './blocks/pyramid'
import type { BlockStyle } from './blocks/residual'
import { checkImages } from './image-network'
import { mapNetwork, type NetworkOptions } from './network'
import { gaussianFourier, sinusoidal, type TimeEmbedding } from './time-embedding'
import { unet } from './unet'

/**
 * Options of {@link ddpm}, {@link ddpmpp} and {@link ncsnpp}: one architecture, whose three published settings are the
 * defaults of those three.
 *
 * | option | `ddpm` | `ddpmpp` | `ncsnpp` |
 * | --- | --- | --- | --- |
 * | `blocks` | 2 | 4 | 4 |
 * | `residual` | `'ddpm'` | `'biggan'` | `'biggan'` |
 * | `upAttention` | `'every'` | `'last'` | `'last'` |
 * | `rescale` | false | true | true |
 * | `fir` | false | false | true |
 * | `progressiveInput` | `'none'` | `'none'` | `'residual'` |
 * | `embedding` | `'positional'` | `'positional'` | `'fourier'` |
 * | `centered` | true | true | false |
 */
export interface UnetOptions extends NetworkOptions {
  /** Height and width of the images, a multiple of `patch` times 2 to the number of levels less one. @default 32 */
  readonly size?: number
  /** Channels of the images, >= 1. @default 3 */
  readonly channels?: number
  /**
   * Side of the squares of pixels that are one pixel of 4 (9, …) times the channels to the network: at 2 the finest level, where most
   * of the time goes, has a quarter of the places (Hoogeboom et al. 2023, "simple diffusion", section 3.2). `size` is that of the images,
   * sizes in `attention` are those of the levels. @default 1
   */
  readonly patch?: number
  /** Channels of the finest level for a multiplier of 1: a multiple of 4, above 128 of 32. @default 128 */
  readonly width?: number
  /**
   * Width of each level in multiples of `width`, the finest first; each level has half the size of the one before.
   * @default [1, 2, 2, 2]
   */
  readonly multipliers?: readonly number[]
  /** Residual blocks a level, >= 1; 8 in the published deep networks. */
  readonly blocks?: number
  /** Sizes of the levels with attention; sizes that no level has change nothing. @default [16] */
  readonly attention?: readonly number[]
  /** On the way up, attention after every block of such a level, or after the last alone. */
  readonly upAttention?: 'every' | 'last'
  /** Number of classes to condition on, >= 1. @default none */
  readonly classes?: number
  /**
   * Numbers that the network can be told of how an image was altered, >= 1: `size` of the augmentation that `imageBatches` is given. The condition is then
   * `{ augmentation }` beside `{ class_labels }`; untold, the network takes images for unaltered. @default none
   */
  readonly augmentations?: number
  /**
   * Chance, in [0, 1), that training drops a number before the second convolution of a block, by masks that the step's key draws; 0.1 to 0.3 were
   * published for small images. @default 0
   */
  readonly dropout?: number
  /** Whether the images lie in [−1, 1]; if not, 2x − 1 is what the network sees. */
  readonly centered?: boolean
  /** Halve and double by convolutions, or by residual blocks as in BigGAN. */
  readonly residual?: 'ddpm' | 'biggan'
  /** Divide the sum of two paths by √2. */
  readonly rescale?: boolean
  /** Halve and double with the FIR filter (1, 3, 3, 1) of StyleGAN2. */
  readonly fir?: boolean
  /** The halved images beside the way down: none, added, or as residual blocks. */
  readonly progressiveInput?: Progressive
  /**
   * The output put together on the way up: at its end alone, by adding images of all sizes, or by residual blocks.
   * @default 'none'
   */
  readonly progressiveOutput?: Progressive
  /** Features of the time: sinusoids of `timeScale` · t, or random Fourier features of ln σ(t). */
  readonly embedding?: 'positional' | 'fourier'
  /** With `'positional'`: 1 for a network that is given DDPM's steps themselves; > 0. @default 999 */
  readonly timeScale?: number
  /** With `'fourier'`: standard deviation of the frequencies, > 0. @default 16 */
  readonly fourierScale?: number
  /** With `'fourier'`: the process whose σ(t) > 0 the network is told. @default `ve()` */
  readonly process?: LinearSDE
}

/** The options that differ between the published networks. */
type Differing =
  | 'blocks'
  | 'upAttention'
  | 'centered'
  | 'residual'
  | 'rescale'
  | 'fir'
  | 'progressiveInput'
  | 'embedding'

/** The network of given options, where some are left out of given defaults. */
export function unetOf(
  where: string,
  options: UnetOptions,
  defaults: Required<Pick<UnetOptions, Differing>>,
): Network {
  const {
    size = 32,
    channels = 3,
    patch = 1,
    width = 128,
    multipliers = [1, 2, 2, 2],
    attention = [16],
    progressiveOutput = 'none',
    timeScale = 999,
    fourierScale = 16,
    process = ve(),
    blocks,
    classes,
    augmentations,
    dropout = 0,
    ...rest
  } = {
    ...defaults,
    ...given(
      optionsOf(where, options, {
        limit: true,
        size: true,
        channels: true,
        patch: true,
        width: true,
        multipliers: true,
        blocks: true,
        attention: true,
        upAttention: true,
        classes: true,
        augmentations: true,
        dropout: true,
        centered: true,
        residual: true,
        rescale: true,
        fir: true,
        progressiveInput: true,
        progressiveOutput: true,
        embedding: true,
        timeScale: true,
        fourierScale: true,
        process: true,
      }),
    ),
  }
  checkIntegers(where, {
    size,
    channels,
    patch,
    width,
    classes: classes ?? 1,
    augmentations: augmentations ?? 1,
  })
  checkIntegers(where, { blocks }, 1, 256)
  checkPositive(where, { timeScale, fourierScale })
  checkHalfOpen(where, { dropout }, 0, 1)
  checkLists(where, { multipliers, attention })
  checkFlags(where, { centered: rest.centered, rescale: rest.rescale, fir: rest.fir })
  checkLinearSde(where, process)
  if (multipliers.length === 0) throw expected(where, 'at least one of multipliers', 'none')
  for (const [i, multiplier] of multipliers.entries())
    checkWidth(where, `multipliers[${i}]`, multiplier, width)
  checkWidth(where, 'width', 1, width)
  const { progressiveInput, residual, upAttention, embedding } = rest
  checkOneOf(where, { progressiveInput, progressiveOutput }, ['none', 'skip', 'residual'])
  checkOneOf(where, { residual }, ['ddpm', 'biggan'])
  checkOneOf(where, { upAttention }, ['every', 'last'])
  checkOneOf(where, { embedding }, ['positional', 'fourier'])
  const least = patch * 2 ** (multipliers.length - 1)
  if (size % least !== 0) throw expected(where, `size to be a multiple of ${least}`, size)
  const side = size / patch
  const seen = patch * patch * channels
  const attends = multipliers.map((_, level) => attention.includes(side / 2 ** level))
  const style: BlockStyle = {
    groups: (count) => Math.min(count / 4, 32),
    epsilon: 1e-6,
    rescale: rest.rescale,
  }
  const network = unet(where, {
    ...rest,
    size: side,
    channels: seen,
    outputs: seen,
    base: width,
    widths: multipliers.map((multiplier) => multiplier * width),
    blocks,
    attention: { down: attends, middle: true, up: attends, lastOnly: rest.upAttention === 'last' },
    ...style,
    attending: (name, channels) => attentionBlock(name, { channels }, style),
    time:
      rest.embedding === 'fourier'
        ? noiseFeatures(process, width, fourierScale)
        : sinusoidal({ size: width, timeScale }),
    features: 4 * width,
    classes,
    augmentations,
    dropout,
    downPadding: 'end',
    progressiveOutput,
  })
  if (patch === 1) return network
  const cut = { size, channels, patch }
  return mapNetwork(network, (f) => (x, t) => {
    checkImages(where, x, cut)
    return fromPatches(f(toPatches(x, cut), t), cut)
  })
}

/** Random Fourier features of ln σ(t), two for each of `count` frequencies. */
function noiseFeatures(process: LinearSDE, count: number, scale: number): TimeEmbedding {
  const { size, block } = gaussianFourier({ size: 2 * count, scale })
  return {
    size,
    block: (name) => {
      const { parameters, apply } = block(name)
      return { parameters, apply: (p, t) => apply(p, log(process.marginalAt(t).sigma)) }
    },
  }
}

/** Groups have four channels and there are 32 at most. */
function checkWidth(where: string, name: string, multiplier: number, width: number): void {
  checkPositive(where, { [name]: multiplier })
  const channels = multiplier * width
  const least = channels > 128 ? 32 : 4
  if (channels % least !== 0) {
    const what = name === 'width' ? name : `${name} · width`
    throw expected(where, `${what} to be a multiple of ${least} > 0`, channels)
  }
}

/** The options that are given: those left undefined take their defaults. */
function given(options: UnetOptions): UnetOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

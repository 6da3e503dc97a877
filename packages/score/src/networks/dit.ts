import { expected } from '@sgm/tensor'
import { checkIntegers, checkPositive, optionsOf } from '@sgm/tensor/check'
import type { Network } from '../types'
import type { NetworkOptions } from './network'
import { sinusoidal } from './time-embedding'
import { transformer } from './transformer'

/** Options of {@link dit}. */
export interface DitOptions extends NetworkOptions {
  /** Height and width of the images, a multiple of `patch`. @default 32 */
  readonly size?: number
  /** Channels of the images, >= 1. @default 3 */
  readonly channels?: number
  /** Side of the patches in pixels, >= 1. @default 2 */
  readonly patch?: number
  /** Features of a patch: a multiple of 4 and of `heads`. @default 384 */
  readonly width?: number
  /** Number of blocks, >= 1. @default 12 */
  readonly depth?: number
  /** Heads of the attention, >= 1. @default 6 */
  readonly heads?: number
  /** Width of the feed-forward layers in multiples of `width`, >= 1. @default 4 */
  readonly ratio?: number
  /** Number of classes to condition on, >= 1. @default none */
  readonly classes?: number
  /** What t is multiplied by first; 1 for a network that is given DDPM's steps themselves; > 0. @default 999 */
  readonly timeScale?: number
}

/**
 * The diffusion transformer DiT (Peebles and Xie 2023, "Scalable diffusion models with transformers"): patches as a sequence,
 * blocks of attention whose normalisations are modulated by the time and the class (adaLN-Zero). Its sizes S, B, L and XL have
 * `width` 384, 768, 1024, 1152, `depth` 12, 12, 24, 28 and `heads` 6, 12, 16, 16; S is the default. Drawn as published: it starts
 * at zero.
 *
 * It predicts noise: `noisePrediction.score(dit(), vp())` is the score.
 *
 * Parameters: `patches`, `time.{linear1,linear2}`, `blocks.<i>.{modulation,query,key,value,output,linear1,linear2}` and
 * `output.{modulation,linear}`, each with `.weight` and `.bias`; with `classes`, `classes.table`, whose last row is used where no
 * condition is given.
 *
 * @throws RangeError when an option is out of range. TypeError, when applied, for images or times of another shape, or for a
 * condition without `classes`.
 * @example
 * const network = dit({ size: 8, channels: 1, width: 16, depth: 2, heads: 2 })
 */
export function dit(options: DitOptions = {}): Network {
  const {
    size = 32,
    channels = 3,
    patch = 2,
    width = 384,
    depth = 12,
    heads = 6,
    ratio = 4,
    timeScale = 999,
    classes,
    limit,
  } = optionsOf('dit', options, {
    limit: true,
    size: true,
    channels: true,
    patch: true,
    width: true,
    depth: true,
    heads: true,
    ratio: true,
    classes: true,
    timeScale: true,
  })
  checkIntegers('dit', { size, channels, patch, width, heads, ratio, classes: classes ?? 1 })
  checkIntegers('dit', { depth }, 1, 256)
  checkPositive('dit', { timeScale })
  if (size % patch !== 0) throw expected('dit', `size to be a multiple of ${patch}`, size)
  if (width % 4 !== 0) throw expected('dit', 'width to be a multiple of 4', width)
  if (width % heads !== 0) throw expected('dit', `width to be a multiple of ${heads} heads`, width)
  return transformer('dit', {
    size,
    channels,
    outputs: channels,
    patch,
    width,
    depth,
    heads,
    hidden: ratio * width,
    classes,
    time: sinusoidal({ size: 256, timeScale }),
    shared: true,
    epsilon: 1e-6,
    limit,
  })
}

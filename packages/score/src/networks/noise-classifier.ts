import { expected, mean, silu } from '@sgm/tensor'
import { checkFinite, checkIntegers, checkLists, optionsOf } from '@sgm/tensor/check'
import type { Network } from '../types'
import { parametersOf } from './blocks/block'
import { conv } from './blocks/conv'
import { groupNorm } from './blocks/group-norm'
import { uniformByFans } from './blocks/initializers'
import { linear } from './blocks/linear'
import { downMean } from './blocks/resample'
import { residual } from './blocks/residual'
import { imageNetwork } from './image-network'
import type { NetworkOptions } from './network'
import { sinusoidal } from './time-embedding'

/** Options of {@link noiseClassifier}. */
export interface NoiseClassifierOptions extends NetworkOptions {
  /** Number of classes, an integer >= 2. @default 10 */
  readonly classes?: number
  /** Height and width of the images, a multiple of 2 to the number of levels less one. @default 28 */
  readonly size?: number
  /** Channels of the images, >= 1. @default 1 */
  readonly channels?: number
  /** Channels of the finest level for a multiplier of 1, a multiple of 8. @default 32 */
  readonly width?: number
  /**
   * Width of each level in multiples of `width`, integers >= 1; each level has half the size of the one before.
   * @default [1, 2, 2]
   */
  readonly multipliers?: readonly number[]
}

/**
 * A small classifier of noisy images, for guidance by classes (Dhariwal and Nichol 2021, section 4.1; Song et al.
 * 2021, appendix I): the way down of a U-Net, a residual block a level and one that halves, told t by sinusoids of 999
 * t, then the mean over the places and a linear layer. x `[B, size, size, channels]`, t `[B]` → logits `[B, classes]`.
 * Its first normalisation takes the scale out of x, so that it reads variance-exploding noise as well.
 *
 * Trained by `noisyClassification`; bound to its parameters it is the classifier of {@link labelLogLikelihood}.
 *
 * Parameters: `time.{linear1,linear2}`, `input`, `down.<level>.{block,sample}.{norm1,conv1,time,norm2,conv2,shortcut}`,
 * `output.{norm,linear}`.
 *
 * @throws RangeError when an option is out of range. TypeError, when applied, for images or times of another shape.
 * @example
 * const network = noiseClassifier({ size: 16, classes: 10, width: 32 })
 */
export function noiseClassifier(options: NoiseClassifierOptions = {}): Network {
  const {
    classes = 10,
    size = 28,
    channels = 1,
    width = 32,
    multipliers = [1, 2, 2],
  } = optionsOf('noiseClassifier', options, {
    limit: true,
    classes: true,
    size: true,
    channels: true,
    width: true,
    multipliers: true,
  })
  checkLists('noiseClassifier', { multipliers })
  checkFinite('noiseClassifier', { width })
  const where = 'noiseClassifier'
  checkIntegers(where, { classes }, 2)
  checkIntegers(where, { size, channels, 'width / 8': width / 8 })
  checkIntegers(where, Object.fromEntries(multipliers.map((m, i) => [`multipliers[${i}]`, m])))
  const bottom = multipliers.length - 1
  if (bottom < 0) throw expected(where, 'at least one of multipliers', 'none')
  if (size % 2 ** bottom !== 0) throw expected(where, `size to be a multiple of ${2 ** bottom}`, size)

  const initial = uniformByFans()
  const features = 4 * width
  const times = sinusoidal({ size: width }).block('time')
  const embedding1 = linear('time.linear1', { inputs: width, outputs: features, initial })
  const embedding2 = linear('time.linear2', { inputs: features, outputs: features, initial })
  const input = conv('input', { inputs: channels, outputs: width, initial })
  const style = { groups: () => 8, epsilon: 1e-6, rescale: true }
  const blocks = multipliers.flatMap((multiplier, level) => {
    const outputs = multiplier * width
    const inputs = level === 0 ? width : multipliers[level - 1]! * width
    const shape = { outputs, features, shortcutScale: 1 }
    const block = residual(`down.${level}.block`, { ...shape, inputs }, style)
    if (level === bottom) return [block]
    const half = { ...shape, inputs: outputs, resample: downMean }
    return [block, residual(`down.${level}.sample`, half, style)]
  })
  const last = multipliers[bottom]! * width
  const norm = groupNorm('output.norm', { channels: last, groups: 8 })
  const output = linear('output.linear', { inputs: last, outputs: classes, initial })
  const parameters = parametersOf(embedding1, embedding2, input, ...blocks, norm, output)
  return imageNetwork(where, { size, channels, limit: options.limit }, parameters, (p, x, t) => {
    const embedded = silu(embedding2.apply(p, silu(embedding1.apply(p, times.apply(p, t)))))
    const h = blocks.reduce((y, block) => block.apply(p, y, embedded), input.apply(p, x))
    return output.apply(p, mean(silu(norm.apply(p, h)), [1, 2]))
  })
}

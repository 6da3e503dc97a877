import { add, concat, expected, silu, type Tensor } from '@sgm/tensor'
import { checkFinite, checkIntegers, checkLists, checkPositive, optionsOf } from '@sgm/tensor/check'
import type { Network } from '../types'
import { type Block, parametersOf } from './blocks/block'
import { classEmbedding, refuseCondition } from './blocks/class-embedding'
import { conv, transposedConv } from './blocks/conv'
import { groupNorm } from './blocks/group-norm'
import { linear } from './blocks/linear'
import { imageNetwork } from './image-network'
import type { NetworkOptions } from './network'
import { gaussianFourier } from './time-embedding'

/** Options of {@link tutorialUnet}. */
export interface TutorialUnetOptions extends NetworkOptions {
  /**
   * Height and width of the images, an integer >= 17: what four unpadded convolutions leave something of.
   * @default 28
   */
  readonly size?: number
  /** Channels of the images, >= 1. @default 1 */
  readonly channels?: number
  /** Channels of the four levels, each >= 1 and a multiple of its groups. @default [32, 64, 128, 256] */
  readonly widths?: readonly [number, number, number, number]
  /** Groups of the first normalisation and of all others. @default [4, 32] */
  readonly groups?: readonly [first: number, others: number]
  /** Features of the time, an even integer >= 2. @default 256 */
  readonly embedding?: number
  /** Standard deviation of the time's frequencies, > 0. @default 30 */
  readonly scale?: number
  /** Number of classes to condition on, >= 1. @default none */
  readonly classes?: number
}

/**
 * The U-Net of Song's tutorial on score-based models: 3×3 convolutions without padding at strides 1, 2, 2, 2,
 * transposed convolutions back with concatenated skips, group normalisation, swish, and random Fourier features of the
 * time added to every layer as a bias of each channel. 1 115 425 parameters at the defaults, drawn as PyTorch draws them.
 *
 * The published model divides the output by the noise level; here that is
 * `scaledScorePrediction.score(tutorialUnet(), sigmaT())`.
 *
 * Parameters: `time.frequencies`, `time.linear`, `down.<i>.{conv,time,norm}` and `up.<i>.{conv,time,norm}` for the levels
 * i = 0 … 3 (finest first; `up.0` is the last convolution, alone), each with `.weight` and where there is one `.bias`;
 * with `classes`, `classes.table`, whose last row is used where no condition is given.
 *
 * @throws RangeError when an option is out of range. TypeError, when applied, for images or times of another shape, or for a
 * condition without `classes`.
 * @example
 * const network = tutorialUnet({ size: 28, channels: 1 })
 */
export function tutorialUnet(options: TutorialUnetOptions = {}): Network {
  const {
    size = 28,
    channels = 1,
    widths = [32, 64, 128, 256],
    groups = [4, 32],
    embedding = 256,
    scale = 30,
    classes,
  } = optionsOf('tutorialUnet', options, {
    limit: true,
    size: true,
    channels: true,
    widths: true,
    groups: true,
    embedding: true,
    scale: true,
    classes: true,
  })
  checkLists('tutorialUnet', { widths, groups })
  checkFinite('tutorialUnet', { embedding })
  checkPositive('tutorialUnet', { scale })
  const where = 'tutorialUnet'
  checkIntegers(where, { size }, 17)
  const levels = {
    'widths[0]': widths[0],
    'widths[1]': widths[1],
    'widths[2]': widths[2],
    'widths[3]': widths[3],
  }
  checkIntegers(where, { channels, ...levels, 'groups[0]': groups[0], 'groups[1]': groups[1] })
  widths.forEach((width, i) => {
    for (const count of i === 0 ? groups : [groups[1]]) {
      if (width % count !== 0)
        throw expected(where, `widths[${i}] to be a multiple of ${count} groups`, width)
    }
  })

  checkIntegers(where, { 'embedding / 2': embedding / 2, classes: classes ?? 1 })

  const sizes = [size - 2]
  for (let i = 1; i < 4; i++) sizes.push(Math.floor((sizes[i - 1]! - 3) / 2) + 1)
  const time = gaussianFourier({ size: embedding, scale }).block('time')
  const hidden = linear('time.linear', { inputs: embedding, outputs: embedding })
  const labels = classes === undefined ? undefined : classEmbedding('classes', classes, embedding)
  const level = (name: string, filter: Block, width: number, count: number): Block<[Tensor, Tensor]> => {
    const shift = linear(`${name}.time`, { inputs: embedding, outputs: width })
    const norm = groupNorm(`${name}.norm`, { channels: width, groups: count, epsilon: 1e-5 })
    return {
      parameters: parametersOf(filter, shift, norm),
      apply: (p, x, features) => silu(norm.apply(p, filter.apply(p, x), shift.apply(p, features))),
    }
  }
  const down = widths.map((width, i) => {
    const filter = conv(`down.${i}.conv`, {
      inputs: i === 0 ? channels : widths[i - 1]!,
      outputs: width,
      stride: i === 0 ? 1 : 2,
      padding: 'valid',
      bias: false,
    })
    return level(`down.${i}`, filter, width, groups[i === 0 ? 0 : 1])
  })
  const up = [3, 2, 1].map((i) => {
    const filter = transposedConv(`up.${i}.conv`, {
      inputs: i === 3 ? widths[3] : 2 * widths[i]!,
      outputs: widths[i - 1]!,
      stride: 2,
      to: sizes[i - 1]!,
      bias: false,
    })
    return level(`up.${i}`, filter, widths[i - 1]!, groups[1])
  })
  const last = transposedConv('up.0.conv', { inputs: 2 * widths[0], outputs: channels, to: size })

  const parameters = parametersOf(time, hidden, labels, ...down, ...up, last)
  return imageNetwork(where, { size, channels, limit: options.limit }, parameters, (p, x, t, condition) => {
    if (!labels) refuseCondition(where, condition)
    const embedded = hidden.apply(p, time.apply(p, t))
    const features = silu(labels ? add(embedded, labels.apply(p, condition)) : embedded)
    const skips: Tensor[] = []
    let h = x
    for (const block of down) {
      h = block.apply(p, h, features)
      skips.push(h)
    }
    for (const [i, block] of up.entries()) {
      h = block.apply(p, i === 0 ? h : concat([h, skips[3 - i]!], 3), features)
    }
    return last.apply(p, concat([h, skips[0]!], 3))
  })
}

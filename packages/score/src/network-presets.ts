import type { LinearSDE } from '@sgm/sde'
import { expected } from '@sgm/tensor/check'
import { ddpm } from './networks/ddpm'
import { ddpmpp } from './networks/ddpmpp'
import { dit } from './networks/dit'
import { mlp } from './networks/mlp'
import { ncsnpp } from './networks/ncsnpp'
import { noiseClassifier } from './networks/noise-classifier'
import { gaussianFourier } from './networks/time-embedding'
import { tutorialUnet } from './networks/tutorial-unet'
import type { PredictionPreset, predictionPresets } from './prediction-presets'
import type { Network } from './types'

/** What a network is made for. */
export interface NetworkTarget {
  /** Shape of a datum: `[height, width, channels]` of images, `[d]` of points. */
  readonly shape: readonly number[]
  /** Channels of the first level, or of the hidden layers. */
  readonly width: number
  /** Residual blocks a level, or hidden layers; no matter where the number is fixed. */
  readonly blocks: number
  /** Number of classes to condition on, 0 for none. */
  readonly classes: number
  /** Numbers that it can be told of how an image was altered, where {@link NetworkPreset.regularizes}. @default 0 */
  readonly augmentations?: number
  /** Chance that training drops a number, where {@link NetworkPreset.regularizes}. @default 0 */
  readonly dropout?: number
  /** The process as the network sees it: {@link PredictionPreset.seen}. */
  readonly process: LinearSDE
  /** Whether images lie in [−1, 1]. */
  readonly centered: boolean
}

/** A network, and how its authors trained it. */
export interface NetworkPreset {
  /** What it is, in a few words. */
  readonly summary: string
  /** @throws RangeError, in the words of {@link NetworkTarget}, where the network does not fit its target. */
  readonly make: (target: NetworkTarget) => Network
  /** Whether it takes data of a shape. */
  readonly fits: (shape: readonly number[]) => boolean
  /** The process it was published with, by its name among the processes' presets. */
  readonly sde: string
  /** What its output stands for, by its name among {@link predictionPresets}. */
  readonly predict: string
  /**
   * What it is trained by on data of a shape, under `sde`, or under any process where it tells classes: a name among the losses'
   * presets. @default the process's own
   */
  readonly weighting?: (shape: readonly number[]) => string | undefined
  /** Whether it takes `augmentations` and `dropout`, which keep it from learning its data by heart. @default false */
  readonly regularizes?: boolean
  readonly width: number
  /** 0 where the number is fixed. */
  readonly blocks: number
  readonly training: TrainingPreset
}

/** How a network was trained. */
export interface TrainingPreset {
  readonly batch: number
  readonly rate: number
  /** Steps over which the rate rises. */
  readonly warmUp: number
  /** Steps after which the rate falls as 1/√step. @default never */
  readonly decayAfter?: number
  /** Width of the average of the weights, in shares of the training. @default the process's decay */
  readonly emaWidth?: number
  readonly steps: number
}

const isSquare = ([height, width, channels]: readonly number[]): boolean =>
  channels !== undefined && height === width

/** Song et al. 2021, appendix H. */
const published: TrainingPreset = { batch: 128, rate: 2e-4, warmUp: 5000, steps: 100_000 }

/** Largest images that larger noise was found better for. */
const SMALL = 32

/** Smallest images of the tutorial's network. */
const TUTORIAL = 17

/**
 * The networks that are offered by name, the first that fits some data being what they are trained with by default: to add one
 * to the `sgm` command, to its options, its help and its docs, add it here.
 *
 * ```ts
 * const { make, ...published } = networkPresets.ncsnpp
 * ```
 */
export const networkPresets = {
  // Ours, chosen by trial: docs/docs/mnist.md.
  small: {
    summary: 'a U-Net as ddpm, of a size that a laptop trains, for square images',
    make: (target) => ddpm(inSquares(target) ? unetOptions(target, [2, 4, 4], 2) : unetOptions(target)),
    fits: isSquare,
    regularizes: true,
    sde: 'edm',
    predict: 'edm',
    weighting: ([size, , channels]) => (channels === 1 && size! <= SMALL ? 'edm-small' : undefined),
    width: 16,
    blocks: 1,
    training: { batch: 32, rate: 2e-3, warmUp: 200, decayAfter: 2000, emaWidth: 0.1, steps: 10_000 },
  },
  tutorial: {
    summary: "the tutorial's U-Net, for square images of 17 pixels or more",
    make: (target) => {
      refuseRegularizers('tutorial', target)
      const { shape, width, classes } = target
      const { size, channels } = squareOf(shape)
      if (size < TUTORIAL) {
        throw expected('tutorial', `images of ${TUTORIAL}×${TUTORIAL} pixels or more`, `${size}×${size}`)
      }
      if (width % 32 !== 0) throw expected('tutorial', 'width to be a multiple of 32', width)
      return tutorialUnet({
        size,
        channels,
        widths: [width, 2 * width, 4 * width, 8 * width],
        ...(classes > 0 && { classes }),
      })
    },
    fits: (shape) => isSquare(shape) && shape[0]! >= TUTORIAL,
    sde: 'sigma-t',
    predict: 'scaled-score',
    width: 32,
    blocks: 0,
    training: { batch: 32, rate: 1e-3, warmUp: 0, steps: 10_000 },
  },
  ddpm: {
    summary: 'the U-Net of DDPM',
    make: (target) => ddpm(unetOptions(target)),
    fits: isSquare,
    regularizes: true,
    sde: 'vp',
    predict: 'noise',
    width: 128,
    blocks: 2,
    training: published,
  },
  ddpmpp: {
    summary: 'DDPM++',
    make: (target) => ddpmpp(unetOptions(target)),
    fits: isSquare,
    regularizes: true,
    sde: 'vp',
    predict: 'noise',
    width: 128,
    blocks: 4,
    training: published,
  },
  ncsnpp: {
    summary: 'NCSN++',
    make: (target) => ncsnpp(unetOptions(target)),
    fits: isSquare,
    regularizes: true,
    sde: 've',
    predict: 'scaled-score',
    width: 128,
    blocks: 4,
    training: published,
  },
  dit: {
    summary: 'the diffusion transformer DiT-S, of patches of 2×2 pixels where they fit',
    make: (target) => {
      refuseRegularizers('dit', target)
      const { width, blocks, classes, shape } = target
      const { size, channels } = squareOf(shape)
      return dit({
        size,
        channels,
        width,
        depth: blocks,
        patch: size % 2 === 0 ? 2 : 1,
        heads: width % 64 === 0 ? width / 64 : 1,
        ...(classes > 0 && { classes }),
      })
    },
    fits: isSquare,
    sde: 'vp',
    predict: 'noise',
    width: 384,
    blocks: 12,
    // Peebles and Xie 2023, section 4
    training: { batch: 256, rate: 1e-4, warmUp: 0, steps: 400_000 },
  },
  mlp: {
    summary: 'a multilayer perceptron, for points',
    make: (target) => {
      refuseRegularizers('mlp', target)
      const { shape, width, blocks, classes } = target
      if (classes > 0) throw expected('mlp', 'a network for images to condition on classes', 'mlp')
      return mlp({
        dims: shape.reduce((a, b) => a * b, 1),
        hidden: new Array<number>(blocks).fill(width),
        time: gaussianFourier({ size: 32, scale: 1 }),
      })
    },
    fits: () => true,
    sde: 'vp',
    predict: 'edm',
    width: 128,
    blocks: 3,
    training: { batch: 512, rate: 1e-3, warmUp: 0, steps: 5000 },
  },
  classifier: {
    summary: 'a classifier of noisy square images, for sgm class --classifier',
    make: (target) => {
      refuseRegularizers('classifier', target)
      const { shape, width, classes } = target
      const { size, channels } = squareOf(shape)
      if (width % 8 !== 0) throw expected('classifier', 'width to be a multiple of 8', width)
      const multipliers = [1, 2, 2].filter((_, level) => size % 2 ** level === 0)
      return noiseClassifier({ size, channels, width, classes, multipliers })
    },
    fits: isSquare,
    sde: 'edm',
    predict: 'logits',
    weighting: () => 'cross-entropy',
    width: 16,
    blocks: 0,
    training: { batch: 64, rate: 1e-3, warmUp: 100, emaWidth: 0.1, steps: 2000 },
  },
} as const satisfies Readonly<Record<string, NetworkPreset>>

function refuseRegularizers(net: string, { augmentations = 0, dropout = 0 }: NetworkTarget): void {
  if (augmentations > 0 || dropout > 0) {
    throw expected(net, 'a U-Net of ddpm, ddpmpp or ncsnpp with augmentations or dropout', net)
  }
}

/** Size and channels of square images. */
function squareOf(shape: readonly number[]): { readonly size: number; readonly channels: number } {
  if (!isSquare(shape)) throw expected('networkPresets', 'square images', dataOf(shape))
  return { size: shape[0]!, channels: shape[2]! }
}

/** Data of a shape, as errors name them. */
function dataOf(shape: readonly number[]): string {
  return shape.length === 1 ? `points of ${shape[0]} coordinates` : `images of shape ${shape.join('×')}`
}

/** Whether images are so large that most of a step's time would go into their finest level. */
function inSquares({ shape }: NetworkTarget): boolean {
  const { size } = squareOf(shape)
  return size >= 48 && size % 2 === 0
}

/** Published multipliers, as far as images of the size can be halved, and attention near 16×16. */
function unetOptions(
  { shape, width, blocks, classes, augmentations = 0, dropout = 0, process, centered }: NetworkTarget,
  published = [1, 2, 2, 2],
  patch = 1,
) {
  const { size, channels } = squareOf(shape)
  const side = size / patch
  const multipliers = published.filter((_, level) => side % 2 ** level === 0)
  for (const multiplier of multipliers) {
    // Groups have four channels, and there are 32 at most.
    const unit = multiplier * width > 128 ? 32 / multiplier : 4
    if (width % unit !== 0) throw expected('networkPresets', `width to be a multiple of ${unit}`, width)
  }
  const sizes = multipliers.map((_, level) => side / 2 ** level)
  return {
    size,
    channels,
    patch,
    width,
    blocks,
    multipliers,
    attention: sizes.filter((size) => size <= 16).slice(0, 1),
    process,
    centered,
    ...(classes > 0 && { classes }),
    ...(augmentations > 0 && { augmentations }),
    dropout,
  }
}

import { foldIn, type Key, type NamedTensors, split, type Tensor, tensor, uniformValues } from '@sgm/tensor'
import { checkFlags, checkIntegers, checkKeys, checkMethods, expected, optionsOf } from '@sgm/tensor/check'
import { type Batches, cut } from '../batches'
import type { Augmentation } from './augmentation'
import { bytesOf, checkImageSet, type ImageSet } from './image-set'
import { checkRange, type Range } from './range'

/** Options of {@link imageBatches}. */
export interface ImageBatchOptions {
  /** Images a batch, from 1 to the number of images. */
  readonly size: number
  /** Of the order of the images and of all that is drawn; every epoch has its own. */
  readonly key: Key
  /** Whether the images are put in a random order, new for every epoch. @default true */
  readonly shuffle?: boolean
  /** What black and white become: `[-1, 1]` centres the images. @default [0, 1] */
  readonly range?: Range
  /**
   * Whether each byte b becomes (b + u)/256 with u uniform in (0, 1), drawn anew every epoch, instead of b/255: then the
   * images have a density, as likelihoods need it. @default false
   */
  readonly dequantize?: boolean
  /** Whether each image is mirrored, left to right, in half of the epochs. @default false */
  readonly flip?: boolean
  /** Whether a batch carries the images' labels as its condition. @default false */
  readonly labels?: boolean
  /**
   * Chance, in [0, 1], that a label is replaced by the null class, whose number is the number of classes: what training for
   * classifier-free guidance needs. @default 0
   */
  readonly dropLabels?: number
  /**
   * Alters each image at random, after `flip`, and has the batch tell how: a network that is told (`augmentations` of `ddpm`) learns from
   * altered images without drawing any. @default none, and batches do not tell
   */
  readonly augment?: Augmentation
}

/** Images and their labels. */
export interface LabelledImages {
  /** `[B, height, width, channels]`, float32. */
  readonly x: Tensor
  /** Class labels, int32 `[B]`. */
  readonly condition: Tensor
}

/** Images, and what is told of each. */
export interface AugmentedImages {
  /** `[B, height, width, channels]`, float32. */
  readonly x: Tensor
  /** `augmentation`, float32 `[B, augment.size]`; and where labels are asked for `class_labels`, int32 `[B]`. */
  readonly condition: NamedTensors & { readonly augmentation: Tensor }
}

/**
 * Endless batches of images, reshuffled every epoch: what `train` takes as its data. Noise, alterations and dropped labels
 * depend on the key, the epoch and the number of the image alone, not on the size of the batches or the order.
 *
 * Uniform dequantisation: Theis, van den Oord, Bethge 2016, "A note on the evaluation of generative models", section 3.1.
 * Dropped labels: Ho, Salimans 2022, "Classifier-free diffusion guidance", algorithm 1.
 *
 * @throws RangeError when an option is out of its range, or labels are asked of a set that has none.
 * @example
 * const set = glyphs({ count: 1000, key: key(0) })
 * const range = [-1, 1] as const
 * const data = imageBatches(set, {
 *   size: 64,
 *   key: key(1),
 *   dequantize: true,
 *   range,
 * })
 * const x = await data(1000) // the same after a restart
 * x.shape // → [64, 28, 28, 1]
 */
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions & { readonly augment: Augmentation },
): Batches<AugmentedImages>
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions & { readonly labels: true; readonly augment?: undefined },
): Batches<LabelledImages>
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions & { readonly labels?: false; readonly augment?: undefined },
): Batches<Tensor>
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions,
): Batches<AugmentedImages> | Batches<LabelledImages> | Batches<Tensor>
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions,
): Batches<AugmentedImages> | Batches<LabelledImages> | Batches<Tensor> {
  const {
    size,
    key,
    shuffle = true,
    range = [0, 1],
    dequantize = false,
    flip = false,
    labels = false,
    dropLabels = 0,
    augment,
  } = optionsOf('imageBatches', options, {
    size: true,
    key: true,
    shuffle: true,
    range: true,
    dequantize: true,
    flip: true,
    labels: true,
    dropLabels: true,
    augment: true,
  })
  const pixels = checkImageSet('imageBatches', set)
  const [low, high] = checkRange('imageBatches', range)
  checkKeys('imageBatches', { key })
  checkFlags('imageBatches', { dequantize, flip, labels })
  if (!(Number.isFinite(dropLabels) && dropLabels >= 0 && dropLabels <= 1)) {
    throw expected('imageBatches', 'dropLabels in [0, 1]', dropLabels)
  }
  if (augment !== undefined) {
    checkMethods('imageBatches', { augment }, 'alter')
    checkIntegers('imageBatches', { 'augment.size': augment.size, 'augment.draws': augment.draws })
  }
  if (dropLabels > 0 && !labels) throw expected('imageBatches', 'labels: true beside dropLabels', labels)
  if (labels && !set.labels) throw expected('imageBatches', 'a set with labels', 'one without')
  const [orderKey, noiseKey, flipKey, dropKey, augmentKey] = split(key, 5) as [Key, Key, Key, Key, Key]
  const drawn = (source: Key, epoch: number, index: number, count = 1): Float32Array =>
    uniformValues(foldIn(foldIn(source, epoch), index), count)

  /** Images as they are trained on, and what is told of each. */
  const read = async (indices: Int32Array, epoch: number) => {
    const bytes = await bytesOf('imageBatches', set, indices, pixels)
    const values = new Float32Array(bytes.length)
    const scale = (high - low) / (dequantize ? 256 : 255)
    for (let at = 0; at < bytes.length; at++) values[at] = low + scale * bytes[at]!
    const told: (readonly number[])[] = []
    indices.forEach((index, i) => {
      const image = values.subarray(i * pixels, (i + 1) * pixels)
      if (flip && drawn(flipKey, epoch, index)[0]! < 0.5) mirror(image, set.shape[1], set.shape[2])
      if (augment !== undefined) {
        const draws = drawn(augmentKey, epoch, index, augment.draws)
        const altered = augment.alter(image, set.shape, draws)
        const lengths = `${altered.image.length} and ${altered.told.length}`
        if (lengths !== `${pixels} and ${augment.size}`) {
          throw expected(
            'imageBatches',
            `augment.alter to give ${pixels} pixels and ${augment.size} numbers`,
            lengths,
          )
        }
        image.set(altered.image)
        told.push(altered.told)
      }
      if (dequantize) {
        const noise = drawn(noiseKey, epoch, index, pixels)
        for (let j = 0; j < pixels; j++) image[j]! += scale * noise[j]!
      }
    })
    return { x: tensor(values, [indices.length, ...set.shape]), told }
  }
  const nullClass = labels ? classCount(set) : 0
  const labelsOf = (indices: Int32Array, epoch: number): Tensor => {
    const list = indices.map((index) =>
      dropLabels > 0 && drawn(dropKey, epoch, index)[0]! < dropLabels ? nullClass : set.labels![index]!,
    )
    return tensor(list, [indices.length], 'int32')
  }
  const rowsOf = <T>(rows: (indices: Int32Array, epoch: number) => Promise<T>): Batches<T> =>
    cut('imageBatches', { length: set.length, rows }, { size, key: orderKey, shuffle })

  if (augment !== undefined) {
    return rowsOf<AugmentedImages>(async (indices, epoch) => {
      const { x, told } = await read(indices, epoch)
      const augmentation = tensor(told.flat(), [indices.length, augment.size])
      const classes = labels ? { class_labels: labelsOf(indices, epoch) } : {}
      return { x, condition: { ...classes, augmentation } }
    })
  }
  if (!labels) return rowsOf<Tensor>(async (indices, epoch) => (await read(indices, epoch)).x)
  return rowsOf<LabelledImages>(async (indices, epoch) => {
    const { x } = await read(indices, epoch)
    return { x, condition: labelsOf(indices, epoch) }
  })
}

function classCount({ classes, labels }: ImageSet): number {
  if (classes) return classes.length
  let count = 0
  for (const label of labels!) count = Math.max(count, label + 1)
  return count
}

/** Mirrors an image `[height, width, channels]` in place, left to right. */
function mirror(image: Float32Array, width: number, channels: number): void {
  for (let row = 0; row < image.length; row += width * channels) {
    for (let left = 0, right = width - 1; left < right; left++, right--) {
      for (let c = 0; c < channels; c++) {
        const [a, b] = [row + left * channels + c, row + right * channels + c]
        const kept = image[a]!
        image[a] = image[b]!
        image[b] = kept
      }
    }
  }
}

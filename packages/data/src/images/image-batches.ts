import { foldIn, type Key, split, type Tensor, tensor, uniformValues } from '@sgm/tensor'
import { checkFlags, checkKeys, expected, optionsOf } from '@sgm/tensor/check'
import { type Batches, type BatchOptions, cut, type RowSource } from '../batches'
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
}

/** Images and their labels. */
export interface LabelledImages {
  /** `[B, height, width, channels]`, float32. */
  readonly x: Tensor
  /** Class labels, int32 `[B]`. */
  readonly condition: Tensor
}

/**
 * Endless batches of images, reshuffled every epoch: what `train` takes as its data. Noise, mirroring and dropped labels
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
  options: ImageBatchOptions & { readonly labels: true },
): Batches<LabelledImages>
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions & { readonly labels?: false },
): Batches<Tensor>
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions,
): Batches<LabelledImages> | Batches<Tensor>
export function imageBatches(
  set: ImageSet,
  options: ImageBatchOptions,
): Batches<LabelledImages> | Batches<Tensor> {
  const {
    size,
    key,
    shuffle = true,
    range = [0, 1],
    dequantize = false,
    flip = false,
    labels = false,
    dropLabels = 0,
  } = optionsOf('imageBatches', options, {
    size: true,
    key: true,
    shuffle: true,
    range: true,
    dequantize: true,
    flip: true,
    labels: true,
    dropLabels: true,
  })
  const pixels = checkImageSet('imageBatches', set)
  const [low, high] = checkRange('imageBatches', range)
  checkKeys('imageBatches', { key })
  checkFlags('imageBatches', { dequantize, flip, labels })
  if (!(Number.isFinite(dropLabels) && dropLabels >= 0 && dropLabels <= 1)) {
    throw expected('imageBatches', 'dropLabels in [0, 1]', dropLabels)
  }
  if (dropLabels > 0 && !labels) throw expected('imageBatches', 'labels: true beside dropLabels', labels)
  if (labels && !set.labels) throw expected('imageBatches', 'a set with labels', 'one without')
  const [orderKey, noiseKey, flipKey, dropKey] = split(key, 4) as [Key, Key, Key, Key]
  const drawn = (source: Key, epoch: number, index: number, count = 1): Float32Array =>
    uniformValues(foldIn(foldIn(source, epoch), index), count)

  const x = async (indices: Int32Array, epoch: number): Promise<Tensor> => {
    const bytes = await bytesOf('imageBatches', set, indices, pixels)
    const values = new Float32Array(bytes.length)
    const scale = (high - low) / (dequantize ? 256 : 255)
    indices.forEach((index, i) => {
      const from = i * pixels
      for (let at = from; at < from + pixels; at++) values[at] = low + scale * bytes[at]!
      if (dequantize) {
        const noise = drawn(noiseKey, epoch, index, pixels)
        for (let j = 0; j < pixels; j++) values[from + j]! += scale * noise[j]!
      }
      if (flip && drawn(flipKey, epoch, index)[0]! < 0.5) {
        mirror(values.subarray(from, from + pixels), set.shape[1], set.shape[2])
      }
    })
    return tensor(values, [indices.length, ...set.shape])
  }
  const order: BatchOptions = { size, key: orderKey, shuffle }
  if (!labels) return cut('imageBatches', { length: set.length, rows: x }, order)

  const nullClass = classCount(set)
  const source: RowSource<LabelledImages> = {
    length: set.length,
    async rows(indices, epoch) {
      const condition = indices.map((index) =>
        dropLabels > 0 && drawn(dropKey, epoch, index)[0]! < dropLabels ? nullClass : set.labels![index]!,
      )
      return { x: await x(indices, epoch), condition: tensor(condition, [indices.length], 'int32') }
    },
  }
  return cut('imageBatches', source, order)
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

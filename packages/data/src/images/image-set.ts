import { type LongCallOptions, paced, type Tensor, tensor } from '@sgm/tensor'
import {
  checkArrayLikes,
  checkIntegers,
  checkLists,
  checkLongCall,
  checkMethods,
  checkStrings,
  expected,
  expectedType,
  optionsOf,
} from '@sgm/tensor/check'
import { checkRange, type Range } from './range'

/**
 * Images of one size as bytes, with or without class labels, that can be asked for by number: drawn, held in memory, or
 * read from a file when they are needed.
 */
export interface ImageSet {
  /** Number of images. */
  readonly length: number
  readonly shape: readonly [height: number, width: number, channels: number]
  /** The class of each image, integers >= 0: `[length]`. */
  readonly labels?: Uint8Array | Int32Array
  /** Names of the classes 0, 1, … */
  readonly classes?: readonly string[]
  /** The images of the given numbers in that order: `[indices.length, height, width, channels]`, row-major. */
  bytes(indices: Int32Array): Uint8Array | Promise<Uint8Array>
}

/** What {@link imageSet} is made of. */
export interface ImageSetParts {
  /** `[N, height, width, channels]`, row-major; kept, not copied. */
  readonly bytes: Uint8Array
  readonly shape: readonly [height: number, width: number, channels: number]
  /** The class of each image, integers in [0, 2²⁰), or that have a name: `[N]`. */
  readonly labels?: ArrayLike<number>
  /** Names of the classes 0, 1, … */
  readonly classes?: readonly string[]
}

/**
 * Images that lie in memory.
 *
 * @param parts The pixels of all, one image after another, their shape, and labels if there are any.
 * @throws RangeError when the number of bytes is not a multiple of an image's, or the labels do not fit the images.
 * @example
 * const set = imageSet({ bytes: new Uint8Array(2 * 4 * 4), shape: [4, 4, 1] })
 * set.length // → 2
 */
export function imageSet(parts: ImageSetParts): ImageSet {
  const { bytes, shape, labels, classes } = optionsOf('imageSet', parts, {
    bytes: true,
    shape: true,
    labels: true,
    classes: true,
  })
  if (!(bytes instanceof Uint8Array)) throw expectedType('imageSet', 'bytes to be a Uint8Array', bytes)
  const pixels = checkImageShape('imageSet', shape)
  if (bytes.length % pixels !== 0) {
    throw expected('imageSet', `a multiple of ${shape.join('×')} = ${pixels} bytes`, bytes.length)
  }
  const length = bytes.length / pixels
  return {
    length,
    shape,
    ...labelled('imageSet', length, labels, classes),
    bytes(indices) {
      checkIndices('imageSet', indices, length)
      const picked = new Uint8Array(indices.length * pixels)
      indices.forEach((index, i) => {
        picked.set(bytes.subarray(index * pixels, (index + 1) * pixels), i * pixels)
      })
      return picked
    },
  }
}

/** How many images a set is asked for at a time. */
const AT_ONCE = 64

/** Options of {@link images}, whose steps are images. */
export interface ImagesOptions extends LongCallOptions {
  /** What the bytes 0 and 255 become. @default [0, 1] */
  readonly range?: Range
}

/**
 * Images of a set as a tensor, `[n, height, width, channels]`, float32.
 *
 * @param set Where they are.
 * @param indices Numbers of the images. @default all of them
 * @throws RangeError when there is no such image, or the range is empty. The signal's reason, when it ends the call.
 * @example
 * const set = glyphs({ count: 100, key: key(0) })
 * const x = await images(set, [0, 1, 2], { range: [-1, 1] })
 * x.shape // → [3, 28, 28, 1]
 */
export async function images(
  set: ImageSet,
  indices?: ArrayLike<number>,
  options: ImagesOptions = {},
): Promise<Tensor> {
  const { range = [0, 1] } = optionsOf('images', options, { signal: true, onProgress: true, range: true })
  checkLongCall('images', options)
  const [low, high] = checkRange('images', range)
  const pixels = checkImageSet('images', set)
  if (indices !== undefined) checkIndices('images', indices, set.length)
  const at = indices ? Int32Array.from(indices) : Int32Array.from({ length: set.length }, (_, i) => i)
  const pace = paced(at.length, options)
  const values = new Float32Array(at.length * pixels)
  const scale = (high - low) / 255
  for (let first = 0; first < at.length; first += AT_ONCE) {
    const some = at.subarray(first, first + AT_ONCE)
    const bytes = await bytesOf('images', set, some, pixels)
    for (let i = 0; i < bytes.length; i++) values[first * pixels + i] = low + scale * bytes[i]!
    await pace.each(some.length, () => {})
  }
  return tensor(values, [at.length, ...set.shape])
}

/** The bytes of an image of a set. @throws RangeError or TypeError unless it is one. */
export function checkImageSet(where: string, set: ImageSet): number {
  checkMethods(where, { set }, 'bytes')
  checkIntegers(where, { 'set.length': set.length }, 0)
  labelled(where, set.length, set.labels, set.classes)
  return checkImageShape(where, set.shape)
}

/** The bytes of a set's images. @throws TypeError unless they are as many as images have. */
export async function bytesOf(
  where: string,
  set: ImageSet,
  indices: Int32Array,
  pixels: number,
): Promise<Uint8Array> {
  const bytes: unknown = await set.bytes(indices)
  if (bytes instanceof Uint8Array && bytes.length === indices.length * pixels) return bytes
  throw expectedType(where, `${indices.length * pixels} bytes of ${indices.length} images`, bytes)
}

/** The bytes of an image of the shape. */
export function checkImageShape(where: string, shape: readonly number[]): number {
  if (
    !Array.isArray(shape) ||
    shape.length !== 3 ||
    !shape.every((size) => Number.isInteger(size) && size >= 1)
  ) {
    throw expected(where, 'a shape [height, width, channels] of integers >= 1', shape)
  }
  return shape[0]! * shape[1]! * shape[2]!
}

/** Throws unless all are numbers of images. */
export function checkIndices(where: string, indices: ArrayLike<number>, length: number): void {
  checkArrayLikes(where, { indices })
  for (let i = 0; i < indices.length; i++) checkIndex(where, indices[i]!, length)
}

function checkIndex(where: string, index: number, length: number): void {
  if (!(Number.isInteger(index) && index >= 0 && index < length))
    throw expected(where, `indices in [0, ${length})`, index)
}

/** A label from here on is no class without a name: models have a row for each, up to the largest. */
const MOST_CLASSES = 2 ** 20

function checkClasses(where: string, classes: readonly string[]): void {
  checkLists(where, { classes })
  checkStrings(where, Object.fromEntries(classes.map((name, i) => [`classes[${i}]`, name])))
}

/** Labels and names as an {@link ImageSet} holds them, checked against each other. */
export function labelled(
  where: string,
  length: number,
  labels: ArrayLike<number> | undefined,
  classes: readonly string[] | undefined,
): Pick<ImageSet, 'labels' | 'classes'> {
  if (classes !== undefined) checkClasses(where, classes)
  if (labels === undefined) return classes ? { classes } : {}
  checkArrayLikes(where, { labels })
  if (labels.length !== length) throw expected(where, `${length} labels, one an image`, labels.length)
  const most = classes?.length ?? MOST_CLASSES
  for (let i = 0; i < length; i++) {
    const label = labels[i]!
    if (!(Number.isInteger(label) && label >= 0 && label < most)) {
      throw expected(where, `labels to be integers in [0, ${most})`, `${label} for image ${i}`)
    }
  }
  const kept = labels instanceof Uint8Array || labels instanceof Int32Array ? labels : Int32Array.from(labels)
  return { labels: kept, ...(classes && { classes }) }
}

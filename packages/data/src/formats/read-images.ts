import { checkOneOf, checkPositive, expected, formatShape, optionsOf } from '@sgm/tensor/check'
import { type ImageSet, labelled } from '../images/image-set'
import { cifarClasses, cifarImages } from './cifar'
import { gunzip, gunzipStart, isGzip } from './gzip'
import { idxHeader, isIdx } from './idx'
import { npyLabels, readLabels } from './labels'
import { isNpy, npyArray, npyHeader } from './npy'
import { LIMIT, npzSources } from './npz'
import { recordSet } from './records'
import { type ByteSource, type Bytes, memorySource, readAll, sourceOf } from './source'
import { isZip } from './zip'

/** Options of {@link readImages}. */
export interface ReadImagesOptions {
  /** The class of each image: an IDX or `.npy` file, gzipped or not. @default those that the images' file has, else none */
  readonly labels?: Bytes
  /** Names of the classes 0, 1, … */
  readonly classes?: readonly string[]
  /** Which arrays of an `.npz` file that has several: those with this in their name. @default 'train' */
  readonly split?: 'train' | 'test'
  /** The most bytes that a compressed file, and what it inflates to, may have. @default 2 ** 30 */
  readonly limit?: number
}

/**
 * Reads a file of images: IDX (MNIST and its kin), `.npy`, `.npz` or CIFAR's binary format, told apart by their content;
 * gzipped or not. Images stay where they are until they are asked for, except those of compressed files.
 *
 * Arrays must hold bytes, `[N, height, width]` or `[N, height, width, channels]` with 1 to 4 channels.
 *
 * @param bytes Of an IDX, CIFAR, NPY or NPZ file, also as a `File` of a page.
 * @throws RangeError when a file is truncated, damaged, too large, of another kind, or labels and images do not match.
 * @example
 * const read = async (file: File, labels: File) => readImages(file, { labels })
 */
export async function readImages(bytes: Bytes, options: ReadImagesOptions = {}): Promise<ImageSet> {
  const where = 'readImages'
  const {
    labels,
    classes,
    split = 'train',
    limit = LIMIT,
  } = optionsOf(where, options, { labels: true, classes: true, split: true, limit: true })
  const given = labels === undefined ? undefined : sourceOf(where, labels)
  return imagesOf(where, sourceOf(where, bytes), { labels: given, classes, split, limit })
}

/** {@link ReadImagesOptions}, all decided. */
export interface ImageFileOptions {
  readonly labels: ByteSource | undefined
  readonly classes: readonly string[] | undefined
  readonly split: 'train' | 'test'
  readonly limit: number
}

/** {@link readImages} for messages of `where`. */
export async function imagesOf(
  where: string,
  source: ByteSource,
  options: ImageFileOptions,
): Promise<ImageSet> {
  const { labels, classes, split, limit } = options
  checkPositive(where, { limit })
  checkOneOf(where, { split }, ['train', 'test'])
  const head = await source.read([0], Math.min(16, source.length))
  if (isGzip(head)) {
    const bytes = await readAll(where, source, limit)
    await checkStart(where, gunzipStart(where, source.name, bytes, limit))
    const content = gunzip(where, source.name, bytes, limit)
    return imagesOf(where, memorySource(content, source.name), options)
  }
  if (isZip(head)) return npzImages(where, source, options)
  const cifar = cifarClasses(source.length)
  if (!isIdx(head) && !isNpy(head) && cifar && !labels) {
    return cifarImages(where, [source], cifar, classes)
  }
  const records = isIdx(head)
    ? await idxRecords(where, source)
    : isNpy(head)
      ? await npyRecords(where, source, limit)
      : undefined
  if (!records) throw unknown(where, source, head)
  const values = labels && (await readLabels(where, labels, limit))
  return recordSet(where, records, labelled(where, records.length, values, classes))
}

/** Throws where the head of compressed content says that it is nothing to read. */
async function checkStart(where: string, source: ByteSource): Promise<void> {
  const head = await source.read([0], 16)
  if (isIdx(head)) await idxHeader(where, source)
  else if (!isNpy(head) && !isZip(head) && !cifarClasses(source.length)) throw unknown(where, source, head)
}

function unknown(where: string, { name, length }: ByteSource, head: Uint8Array): RangeError {
  const kinds = `${name} to be an IDX, .npy, .npz or CIFAR file`
  return expected(where, kinds, `${length} bytes that begin with ${hex(head)}`)
}

async function idxRecords(where: string, source: ByteSource) {
  const { shape, type, first } = await idxHeader(where, source)
  if (type !== 8) throw expected(where, `${source.name} to hold unsigned bytes (type 8)`, `type ${type}`)
  return { source, ...imageAxes(where, source, shape, first) }
}

async function npyRecords(where: string, source: ByteSource, limit: number) {
  const { shape, type, first, columnMajor } = await npyHeader(where, source)
  if (type !== 'u1') throw expected(where, `${source.name} to hold unsigned bytes (uint8)`, type)
  const axes = imageAxes(where, source, shape, first)
  if (!columnMajor) return { source, ...axes }
  if (source.length > limit) {
    const what = `${source.name} in C's order, or at most ${limit} bytes (the option limit)`
    throw expected(where, what, `${source.length} bytes in Fortran's order`)
  }
  const { values } = await npyArray(where, source)
  return { source: memorySource(new Uint8Array(values.buffer), source.name), ...axes, first: 0 }
}

function imageAxes(where: string, source: ByteSource, shape: readonly number[], first: number) {
  const [length, height, width, channels = 1] = shape
  const sizes = [length, height, width, channels]
  if (shape.length < 3 || shape.length > 4 || sizes.some((size) => !size) || channels > 4) {
    const what = `${source.name} to be images [N, height, width] or [N, height, width, 1 to 4]`
    throw expected(where, what, formatShape(shape))
  }
  const axes = [height!, width!, channels] as const
  return { length: length!, shape: axes, first, stride: height! * width! * channels }
}

async function npzImages(
  where: string,
  source: ByteSource,
  { labels, classes, split, limit }: ImageFileOptions,
): Promise<ImageSet> {
  const other = split === 'train' ? 'test' : 'train'
  const splits = (names: readonly string[]) =>
    names.some((name) => name.includes(split))
      ? names.filter((name) => name.includes(split))
      : names.filter((name) => !name.includes(other))
  const arrays = await npzSources(where, source, limit, splits)
  const headers = await Promise.all(arrays.map((array) => npyHeader(where, array)))
  const pictures = arrays.filter((_, i) => headers[i]!.type === 'u1' && headers[i]!.shape.length >= 3)
  if (pictures.length !== 1) {
    const found = arrays.map(({ name }, i) => `${name} ${headers[i]!.type} ${formatShape(headers[i]!.shape)}`)
    throw expected(
      where,
      `${source.name} to hold one array of images for split ${split}`,
      found.join(', ') || 'none',
    )
  }
  const records = await npyRecords(where, pictures[0]!, limit)
  const beside = arrays.filter((_, i) => {
    const { type, shape } = headers[i]!
    return /^[bui]/.test(type) && shape[0] === records.length && (shape.length === 1 || shape[1] === 1)
  })
  const columns = beside.filter((array) => array !== pictures[0])
  const values = labels
    ? await readLabels(where, labels, limit)
    : columns.length === 1
      ? await npyLabels(where, columns[0]!)
      : undefined
  return recordSet(where, records, labelled(where, records.length, values, classes))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

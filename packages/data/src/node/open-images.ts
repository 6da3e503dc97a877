import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { checkLongCall, checkOneOf, checkPaths, expected, optionsOf } from '@sgm/tensor/check'
import type { ByteSource } from '../formats'
import { cifarClasses, cifarImages } from '../formats/cifar'
import { LIMIT } from '../formats/npz'
import { pictureSet, type ReadPicturesOptions } from '../formats/pictures'
import { imagesOf } from '../formats/read-images'
import type { ImageSet } from '../images/image-set'
import { fileSource } from './file-source'
import { pictureFiles } from './picture-files'

/** Options of {@link openImages}, whose steps are the files of a folder of pictures. */
export interface OpenImagesOptions
  extends Pick<ReadPicturesOptions, 'size' | 'channels' | 'classes' | 'signal' | 'onProgress'> {
  /** Which part of a data set that comes in two. @default 'train' */
  readonly split?: 'train' | 'test'
  /** A file of labels; false ignores those there are. @default what lies beside the images, else none */
  readonly labels?: string | false
  /** The most bytes that a compressed file, and what it inflates to, may have. @default 2 ** 30 */
  readonly limit?: number
}

const where = 'openImages'

/**
 * Opens images by path:
 *
 * | path | images, labels |
 * | --- | --- |
 * | a folder with `train-images…`, `t10k-images…` | IDX as MNIST has it, gzipped or not |
 * | a folder with `data_batch_1.bin`, … or `train.bin`, `test.bin` | CIFAR-10, CIFAR-100 |
 * | a folder of PNG and JPEG files | without labels; where they lie in sub-folders, those are the classes |
 * | a folder with a folder `train` or `test` | that one |
 * | an IDX, `.npy` or CIFAR file, gzipped or not | labels from the file whose name has `labels` for `images` |
 * | an `.npz` file | the labels beside the images of the split |
 *
 * What is not compressed is read when it is asked for, so that it may be larger than memory.
 *
 * `size` and `channels` are for folders of pictures, as in `readPictures`.
 *
 * @param path Of a folder of pictures or of a data set's files, or of one file.
 * @throws RangeError when nothing of the kind is there, a file is truncated, damaged or too large, or labels and images do
 * not match. The signal's reason, when it ends the call.
 * @example
 * const read = async () => {
 *   const set = await openImages('data/mnist')
 *   const test = await openImages('data/mnist', { split: 'test' })
 *   return [set.length, test.length]
 * }
 */
export async function openImages(path: string, options: OpenImagesOptions = {}): Promise<ImageSet> {
  const { split = 'train', labels } = optionsOf(where, options, {
    size: true,
    channels: true,
    classes: true,
    signal: true,
    onProgress: true,
    split: true,
    labels: true,
    limit: true,
  })
  checkLongCall(where, options)
  checkPaths(where, { path })
  checkOneOf(where, { split }, ['train', 'test'])
  if (labels !== undefined && labels !== false) checkPaths(where, { labels })
  const found = await stat(path).catch(() => undefined)
  if (!found) throw expected(where, 'a file or folder', path)
  return found.isDirectory() ? openFolder(path, split, options) : openFile(path, split, options)
}

async function openFile(
  path: string,
  split: 'train' | 'test',
  { labels, classes, limit = LIMIT }: OpenImagesOptions,
): Promise<ImageSet> {
  const given = labels === undefined ? await labelsBeside(path) : labels || undefined
  const set = await imagesOf(where, await fileSource(path), {
    labels: given === undefined ? undefined : await fileSource(given),
    classes,
    split,
    limit,
  })
  return labels === false ? withoutLabels(set) : set
}

async function openFolder(
  path: string,
  split: 'train' | 'test',
  options: OpenImagesOptions,
): Promise<ImageSet> {
  const names = (await readdir(path)).sort()
  const pattern = split === 'train' ? /^train[-_.]?images/i : /^(t10k|test)[-_.]?images/i
  const idx = names.find((name) => pattern.test(name))
  if (idx) return openFile(join(path, idx), split, options)
  const cifar = names.filter((name) =>
    (split === 'train' ? /^(data_batch_\d+|train)\.bin$/ : /^test(_batch)?\.bin$/).test(name),
  )
  if (cifar.length > 0) return openCifar(path, cifar, options)
  if (names.includes(split) && (await stat(join(path, split))).isDirectory()) {
    return openFolder(join(path, split), split, options)
  }
  const { files, labels, classes } = await pictureFiles(path)
  if (files.length === 0) {
    const what = `IDX, CIFAR, PNG or JPEG files of the split ${split} in ${path}`
    throw expected(where, what, names.slice(0, 10).join(', ') || 'an empty folder')
  }
  const { size, channels, signal, onProgress } = options
  const set = await pictureSet(where, await Promise.all(files.map(fileSource)), {
    ...(labels && { labels }),
    ...(classes && { classes: options.classes ?? classes }),
    ...(size !== undefined && { size }),
    ...(channels !== undefined && { channels }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  return options.labels === false ? withoutLabels(set) : set
}

async function openCifar(
  path: string,
  names: readonly string[],
  { classes, labels }: OpenImagesOptions,
): Promise<ImageSet> {
  const sources: ByteSource[] = []
  for (const name of names) sources.push(await fileSource(join(path, name)))
  const kind = cifarClasses(sources[0]!.length)
  if (!kind) {
    throw expected(where, `${sources[0]!.name} to be whole CIFAR records`, `${sources[0]!.length} bytes`)
  }
  const set = await cifarImages(where, sources, kind, classes ?? (await cifarNames(path, kind)))
  return labels === false ? withoutLabels(set) : set
}

/** The names that come with CIFAR, where they do. */
async function cifarNames(path: string, kind: 10 | 100): Promise<string[] | undefined> {
  const file = join(path, kind === 10 ? 'batches.meta.txt' : 'fine_label_names.txt')
  const text = await readFile(file, 'utf8').catch(() => '')
  const names = text
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names.length === kind ? names : undefined
}

/** `train-labels-idx1-ubyte` beside `train-images-idx3-ubyte`, gzipped or not. */
async function labelsBeside(path: string): Promise<string | undefined> {
  const name = basename(path)
  if (!/images/i.test(name)) return undefined
  const wanted = name.replace(/images/i, 'labels').replace('idx3', 'idx1')
  const bare = wanted.replace(/\.gz$/, '')
  const names = await readdir(dirname(path))
  const found = [wanted, bare, `${bare}.gz`].find((one) => one !== name && names.includes(one))
  return found && join(dirname(path), found)
}

function withoutLabels({ length, shape, bytes }: ImageSet): ImageSet {
  return { length, shape, bytes }
}

import { stat } from 'node:fs/promises'
import {
  batches,
  type CsvTable,
  geometricAugmentation,
  glyphs,
  type ImageSet,
  imageBatches,
  images,
  phantoms,
  readCsv,
  stream,
} from '@sgm/data'
import { fileSource, type OpenImagesOptions, openImages } from '@sgm/data/node'
import { expected, foldIn, type Key, key, type Tensor, tensor, uniformValues } from '@sgm/tensor'
import type { BatchSource } from '@sgm/train'
import { densities, densityNames, isDrawn, isTable } from './densities'
import { quoted } from './quoted'
import { inOwnWords } from './settings/names'

/** How a data set is read. */
export interface Reading {
  /** What the pixels 0 … 255 become; points stay as they are. */
  readonly range: readonly [number, number]
  /** Whether pixels get uniform noise within their grey level. */
  readonly dequantize?: boolean
}

/** How batches to train on are made. */
export interface BatchReading extends Reading {
  readonly size: number
  readonly key: Key
  /** Whether images are mirrored at random. */
  readonly flip?: boolean
  /** Chance of each of their transformations, of which batches tell; undefined for none. */
  readonly augment?: number | undefined
  /** Chance that a label is dropped; undefined reads no labels. */
  readonly dropLabels?: number | undefined
}

/** Images, or points. */
export interface Dataset {
  /** Shape of a datum: `[H, W, C]`, or `[d]` of points. */
  readonly shape: readonly number[]
  /** Number of data; infinite for densities. */
  readonly length: number
  /** Names of the classes, where there are labels. */
  readonly classes?: readonly string[]
  batches(reading: BatchReading): BatchSource
  /** Data `start` … `start + count − 1`, the same for the same key at any count: `[count, ...shape]`. */
  take(start: number, count: number, key: Key, reading: Reading): Promise<Tensor>
}

/**
 * Opens data by name: a density of the plane, `glyphs[:SIZE][:colour]`, `phantoms[:SIZE]`, or a path to images, `:SIZE` behind it where
 * pictures are cut and scaled to squares, or to a table of points.
 *
 * @throws RangeError when there is no such thing.
 */
export async function openDataset(source: string, split: 'train' | 'test' = 'train'): Promise<Dataset> {
  if (Object.hasOwn(densities, source)) return points(densities[source]!)
  if (isDrawn(source)) return pictures(drawn(source, split))
  const found = await statOf(source)
  if (found?.isFile() && isTable(source))
    return rows(await opened(source, async () => readCsv(await fileSource(source))))
  if (found) return pictures(await openPictures(source, { split }))
  const [, folder, size] = /^(.+):(\d+)$/.exec(source) ?? []
  if (folder === undefined || !(await statOf(folder))) {
    throw expected(
      'sgm',
      `--data glyphs, phantoms, ${densityNames.join(', ')}, or a file or folder that exists`,
      source,
    )
  }
  return pictures(await openPictures(folder, { split, size: Number(size) }))
}

const statOf = (path: string) => stat(path).catch(() => undefined)

/** Opens images. */
const openPictures = (path: string, options: OpenImagesOptions): Promise<ImageSet> =>
  opened(path, () => openImages(path, options))

/** Opens a path. @throws RangeError in the command's words where the library's name its own options. */
async function opened<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const message = error.message
      .replace('or the option size', `or --data ${quoted(`${path}:SIZE`)}`)
      .replace(/^\w+: (.*) \(the option limit\)/, 'sgm: $1')
    throw new RangeError(message, { cause: error })
  }
}

/** Images that are drawn: 60 000 to train on, and 10 000 others. */
function drawn(source: string, split: 'train' | 'test'): ImageSet {
  const match = /^(?:(glyphs)(?::(\d+))?(:colour)?|phantoms(?::(\d+))?)$/.exec(source)
  const words = '--data glyphs[:SIZE][:colour] or phantoms[:SIZE]'
  if (!match) throw expected('sgm', words, source)
  const [, isGlyphs, glyphSize, colour, phantomSize] = match
  const size = glyphSize ?? phantomSize
  const common = {
    count: split === 'train' ? 60_000 : 10_000,
    key: foldIn(key(0), split === 'train' ? 0 : 1),
    ...(size && { size: Number(size) }),
  }
  return inOwnWords({ size: 'SIZE' }, words, () =>
    isGlyphs ? glyphs({ ...common, channels: colour ? 3 : 1 }) : phantoms(common),
  )
}

/**
 * Checks that there are data enough.
 *
 * @param each Data that each of n takes.
 * @throws RangeError in the words of the command.
 */
export function checkCount(n: number, { length }: Dataset, each = 1): void {
  if (n * each <= length) return
  const what = each === 1 ? `of ${length} images` : `for pairs of ${length} images`
  throw expected('sgm', `-n of at most ${Math.floor(length / each)} ${what}`, n)
}

function points(draw: (key: Key, count: number) => Tensor): Dataset {
  return {
    shape: [2],
    length: Number.POSITIVE_INFINITY,
    batches: ({ size, key }) => stream(draw, { size, key }),
    take: async (start, count, key) => draw(foldIn(key, start), count),
  }
}

/** Points of a table. */
function rows({ shape: [length, width], values }: CsvTable): Dataset {
  const pick = (indices: Int32Array): Tensor => {
    const picked = new Float32Array(indices.length * width)
    for (const [i, at] of indices.entries()) {
      picked.set(values.subarray(at * width, (at + 1) * width), i * width)
    }
    return tensor(picked, [indices.length, width])
  }
  return {
    shape: [width],
    length,
    batches: ({ size, key }) => batches({ length, rows: pick }, { size, key }),
    take: async (start, count) => pick(Int32Array.from({ length: count }, (_, i) => start + i)),
  }
}

function pictures(set: ImageSet): Dataset {
  const classes = set.classes ?? (set.labels && numbered(set.labels))
  return {
    shape: set.shape,
    length: set.length,
    ...(classes && { classes }),
    batches: ({ dropLabels, augment, ...reading }) =>
      imageBatches(set, {
        ...reading,
        ...(dropLabels !== undefined && { labels: true, dropLabels }),
        ...(augment !== undefined && { augment: geometricAugmentation({ chance: augment }) }),
      }),
    async take(start, count, key, { range, dequantize = false }) {
      if (start + count > set.length) throw expected('sgm', `at most ${set.length} images`, start + count)
      const indices = Int32Array.from({ length: count }, (_, i) => start + i)
      if (!dequantize) return images(set, indices, { range })
      const pixels = set.shape.reduce((a, b) => a * b, 1)
      const bytes = await set.bytes(indices)
      const scale = (range[1] - range[0]) / 256
      const values = new Float32Array(bytes.length)
      for (const [i, index] of indices.entries()) {
        const noise = uniformValues(foldIn(key, index), pixels)
        for (let j = 0; j < pixels; j++) {
          values[i * pixels + j] = range[0] + scale * (bytes[i * pixels + j]! + noise[j]!)
        }
      }
      return tensor(values, [count, ...set.shape])
    },
  }
}

function numbered(labels: ArrayLike<number>): readonly string[] {
  let most = 0
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i]!)
  return Array.from({ length: most + 1 }, (_, i) => String(i))
}

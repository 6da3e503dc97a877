import { type LongCallOptions, paced } from '@sgm/tensor'
import { checkIntegers, checkLists, checkLongCall, checkOneOf, expected, optionsOf } from '@sgm/tensor/check'
import { checkIndices, type ImageSet, labelled } from '../images/image-set'
import { decoded, PIXELS, pictureSize } from './decode-image'
import type { Picture, PictureSize } from './picture'
import { centreSquare } from './resize'
import { type ByteSource, type Bytes, sourceOf } from './source'

/** Options of {@link readPictures}, whose steps are files. */
export interface ReadPicturesOptions extends LongCallOptions {
  /** The class of each picture, integers >= 0. */
  readonly labels?: ArrayLike<number>
  /** Names of the classes 0, 1, … */
  readonly classes?: readonly string[]
  /**
   * Cuts the middle square out of each picture and resamples it to size × size pixels, 1 to 4096. @default none: all
   * pictures must have one size
   */
  readonly size?: number
  /** 1: grey (the luma of colours); 3: red, green and blue. @default 1 when all pictures are grey, else 3 */
  readonly channels?: 1 | 3
  /** The most pixels a picture may have. @default 2 ** 26 */
  readonly pixels?: number
}

/** Files whose heads are read, or pictures that are decoded, at a time. */
const AT_ONCE = 16

/** Bytes that nearly always reach to the size of a picture. */
const HEAD = 2 ** 16

/**
 * A set of PNG and JPEG files, one picture each. Their heads are read at once, so that a file of another kind or size is found
 * before any work starts; they are decoded when they are asked for, as {@link decodeImage} does.
 *
 * @param files PNG or JPEG files, one a picture.
 * @throws RangeError when there are none, sizes differ, or a file is none of the two. The signal's reason, when it ends the call.
 * @example
 * const read = async (paths: string[]) => {
 *   const files = await Promise.all(paths.map((path) => readFile(path)))
 *   return readPictures(files, { size: 64 })
 * }
 */
export async function readPictures(
  files: readonly Bytes[],
  options: ReadPicturesOptions = {},
): Promise<ImageSet> {
  const where = 'readPictures'
  checkLists(where, { files })
  return pictureSet(
    where,
    files.map((file) => sourceOf(where, file)),
    options,
  )
}

/** {@link readPictures} for messages of `where`. */
export async function pictureSet(
  where: string,
  files: readonly ByteSource[],
  options: ReadPicturesOptions,
): Promise<ImageSet> {
  const {
    labels,
    classes,
    size,
    channels,
    pixels = PIXELS,
  } = optionsOf(where, options, {
    signal: true,
    onProgress: true,
    labels: true,
    classes: true,
    size: true,
    channels: true,
    pixels: true,
  })
  checkLongCall(where, options)
  if (size !== undefined) checkIntegers(where, { size }, 1, 4096)
  if (channels !== undefined) checkOneOf(where, { channels }, [1, 3])
  if (files.length === 0) throw expected(where, 'PNG or JPEG files', 'none')
  const pace = paced(files.length, options)
  const sizes = await several(files, async (file) => {
    const size = await sizeOf(where, file, pixels)
    await pace.step()
    return size
  })
  const { height, width } = size ? { height: size, width: size } : common(where, files, sizes)
  const depth = channels ?? (sizes.some((one) => one.channels === 3) ? 3 : 1)
  const bytesEach = height * width * depth
  const picture = async (file: ByteSource): Promise<Uint8Array> => {
    const found = await decoded(where, file.name, await file.read([0], file.length), pixels)
    const { bytes } = withChannels(found, depth)
    if (size) return centreSquare(bytes, found.height, found.width, depth, size)
    if (bytes.length !== bytesEach) {
      throw expected(
        where,
        `${file.name} to have ${width}×${height} pixels still`,
        `${found.width}×${found.height}`,
      )
    }
    return bytes
  }
  return {
    length: files.length,
    shape: [height, width, depth],
    ...labelled(where, files.length, labels, classes),
    async bytes(indices) {
      checkIndices(where, indices, files.length)
      const bytes = new Uint8Array(indices.length * bytesEach)
      await several([...indices.entries()], async ([i, index]) => {
        bytes.set(await picture(files[index]!), i * bytesEach)
      })
      return bytes
    },
  }
}

async function sizeOf(where: string, file: ByteSource, pixels: number): Promise<PictureSize> {
  const length = Math.min(HEAD, file.length)
  const head = await file.read([0], length)
  return (
    pictureSize(where, file.name, head, pixels, length === file.length) ??
    pictureSize(where, file.name, await file.read([0], file.length), pixels)!
  )
}

function common(where: string, files: readonly ByteSource[], sizes: readonly PictureSize[]): PictureSize {
  const first = sizes[0]!
  const other = sizes.findIndex(({ width, height }) => width !== first.width || height !== first.height)
  if (other >= 0) {
    const { width, height } = sizes[other]!
    throw expected(
      where,
      `pictures of one size (${first.width}×${first.height}, as ${files[0]!.name}) or the option size`,
      `${width}×${height} for ${files[other]!.name}`,
    )
  }
  return first
}

/** Grey repeated thrice, or the luma 0.299 R + 0.587 G + 0.114 B (Rec. 601). */
function withChannels(picture: Picture, channels: 1 | 3): Picture {
  if (picture.channels === channels) return picture
  const { bytes, width, height } = picture
  const changed = new Uint8Array(width * height * channels)
  for (let i = 0; i < width * height; i++) {
    if (channels === 3) changed.fill(bytes[i]!, 3 * i, 3 * i + 3)
    else
      changed[i] = Math.round(0.299 * bytes[3 * i]! + 0.587 * bytes[3 * i + 1]! + 0.114 * bytes[3 * i + 2]!)
  }
  return { width, height, channels, bytes: changed }
}

/** `work` on all items, a few at a time; the results in their order. */
async function several<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++
      results[i] = await work(items[i]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  return results
}

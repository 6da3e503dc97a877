import { type LongCallOptions, paced } from '@sgm/tensor'
import { checkLongCall, checkPositive, expected, expectedType, optionsOf } from '@sgm/tensor/check'
import { sceneOf } from '../scene'
import type { Picture, Style } from '../types'
import { raster } from './png'

/** Frames in turn, made one by one where they come from a generator. */
export type PictureSequence = Iterable<Picture> | AsyncIterable<Picture>

/** Options of {@link toGif} and {@link toApng}, whose steps are frames. */
export interface MovieOptions extends Style, LongCallOptions {
  /** Frames a second, > 0. @default 20 */
  readonly fps?: number
  /** How often it is shown; 0 for ever. @default 0 */
  readonly repeat?: number
  /** Seconds for which the last frame stays. @default 1 */
  readonly hold?: number
  /** Pixels of the file for one of the picture, > 0. @default 1 */
  readonly scale?: number
  /** Paths of TTF or OTF files, for scripts that Inter and Noto Sans Math do not have. */
  readonly fonts?: readonly string[]
}

/** Throws unless the options make sense. */
export function checkMovie(where: string, options: MovieOptions): void {
  const {
    fps = 20,
    repeat = 0,
    hold = 1,
    scale = 1,
  } = optionsOf(where, options, {
    signal: true,
    onProgress: true,
    theme: true,
    width: true,
    notes: true,
    fps: true,
    repeat: true,
    hold: true,
    scale: true,
    fonts: true,
  })
  checkLongCall(where, options)
  checkPositive(where, { fps })
  checkPositive(where, { scale })
  if (!(Number.isInteger(repeat) && repeat >= 0 && repeat < 65536)) {
    throw expected(where, 'repeat to be a whole number in 0…65535', repeat)
  }
  if (!(Number.isFinite(hold) && hold >= 0 && hold < 600))
    throw expected(where, 'hold in [0, 600) seconds', hold)
}

/** The frames in pixels, each with whether it is the last. @throws RangeError when there is none, or their sizes differ. */
export async function* rasters(where: string, frames: PictureSequence, options: MovieOptions) {
  const { scale = 1, fonts, signal, onProgress, fps: _, repeat: __, hold: ___, ...style } = options
  let size = ''
  let before: ReturnType<typeof raster> | undefined
  const sequence: Partial<Iterable<Picture> & AsyncIterable<Picture>> | null | undefined = frames as never
  if (!sequence?.[Symbol.iterator] && !sequence?.[Symbol.asyncIterator]) {
    throw expectedType(where, 'a list or another sequence of frames', frames)
  }
  const pace = paced(Array.isArray(frames) ? frames.length : Number.POSITIVE_INFINITY, {
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  for await (const picture of frames) {
    signal?.throwIfAborted()
    const image = raster(where, sceneOf(where, picture, { notes: false, ...style }), scale, fonts)
    const own = `${image.width} × ${image.height}`
    if (size && own !== size) throw expected(where, `frames of one size, ${size} as the first`, own)
    size = own
    if (before) yield { image: before, last: false }
    before = image
    await pace.step()
  }
  if (!before) throw expected(where, 'at least one frame', 'none')
  yield { image: before, last: true }
}

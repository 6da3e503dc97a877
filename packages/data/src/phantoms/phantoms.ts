import { foldIn, type Key, split, uniformValues } from '@sgm/tensor'
import { checkIntegers, checkKeys, optionsOf } from '@sgm/tensor/check'
import { checkIndices, type ImageSet } from '../images/image-set'
import { drawPhantom, kinds } from './draw'

/** Options of {@link phantoms}. */
export interface PhantomOptions {
  /** Number of images, an integer >= 1. */
  readonly count: number
  /** Decides every image. */
  readonly key: Key
  /** Height and width in pixels, an integer in [8, 1024]. @default 64 */
  readonly size?: number
}

/**
 * Grey sections of bodies made of ellipses, as tomography is tried on: a data set that needs no download. Half of them, labelled
 * `ellipses`, are a body with three to eight ellipses in it; the others, labelled `shepp-logan`, are {@link sheppLogan}'s head with
 * every part changed a little, turned and scaled. All lie in the circle that the image's edges touch.
 *
 * Images are drawn when they are asked for. Image i and its label depend on (key, i) alone, and not on the size but for its
 * pixels.
 *
 * @throws RangeError when an option is out of its range.
 * @example
 * const set = phantoms({ count: 1000, key: key(0), size: 64 })
 * const x = await images(set, [0, 1, 2])
 * x.shape // → [3, 64, 64, 1]
 */
export function phantoms(options: PhantomOptions): ImageSet {
  const { count, key, size = 64 } = optionsOf('phantoms', options, { count: true, key: true, size: true })
  checkIntegers('phantoms', { count })
  checkKeys('phantoms', { key })
  checkIntegers('phantoms', { size }, 8, 1024)
  const [labelKey, drawKey] = split(key)
  const labels = Uint8Array.from(uniformValues(labelKey, count), (u) => (u < 0.5 ? 0 : 1))
  const pixels = size * size
  return {
    length: count,
    shape: [size, size, 1],
    labels,
    classes: kinds.map(({ name }) => name),
    bytes(indices) {
      checkIndices('phantoms', indices, count)
      const bytes = new Uint8Array(indices.length * pixels)
      indices.forEach((index, i) => {
        const image = drawPhantom(foldIn(drawKey, index), labels[index]!, size)
        for (let j = 0; j < pixels; j++) bytes[i * pixels + j] = Math.round(255 * image[j]!)
      })
      return bytes
    },
  }
}

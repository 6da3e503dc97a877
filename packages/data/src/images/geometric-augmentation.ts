import {
  checkArrayLikes,
  checkIntegers,
  checkLists,
  expected,
  expectedType,
  optionsOf,
} from '@sgm/tensor/check'
import type { Augmentation, ImageShape } from './augmentation'

/** How many numbers {@link geometricAugmentation} tells of an image: `augmentations` of the network. */
export const augmentationSize = 9

const DRAWS = 16
const WHERE = 'geometricAugmentation'

/** Options of {@link geometricAugmentation}. */
export interface GeometricAugmentationOptions {
  /** Of each transformation, in [0, 1]; 0.12 was published for 50 000 photographs of 32×32. @default 0.12 */
  readonly chance?: number
}

/**
 * Alters images by the geometric transformations of Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", appendix
 * F.2, each with the same chance: mirrored left to right; upside down; scaled by 2^(0.2 n), n ~ N(0, 1); turned by any angle; scaled so along one
 * axis and back across it, along any; shifted by n/8 of the side in both directions. Bilinear between pixels; beyond the edges there is what a mirror there shows.
 *
 * It tells {@link augmentationSize} numbers: 1 for either mirror; n of the scale; cos θ − 1 and sin θ of the angle; n cos 2φ and n sin 2φ of the axis at φ;
 * n of either shift. (The published ones tell n cos φ and n sin φ, which are the same for a stretch and its inverse.)
 *
 * Angles and scales are worked out by `Math.cos` and its like, whose last bit the language leaves to the engine.
 *
 * @throws RangeError unless `chance` lies in [0, 1].
 * @example
 * const set = glyphs({ count: 100, key: key(0), size: 16 })
 * const augment = geometricAugmentation({ chance: 0.12 })
 * const data = imageBatches(set, { size: 8, key: key(1), augment })
 * const { x, condition } = await data(0)
 * condition.augmentation.shape // → [8, 9]
 */
export function geometricAugmentation(options: GeometricAugmentationOptions = {}): Augmentation {
  const { chance = 0.12 } = optionsOf(WHERE, options, { chance: true })
  if (!(Number.isFinite(chance) && chance >= 0 && chance <= 1)) {
    throw expected(WHERE, 'chance in [0, 1]', chance)
  }
  return {
    size: augmentationSize,
    draws: DRAWS,
    alter(image, shape, u) {
      checkGiven(image, shape, u)
      const { told, from } = transformation(u, chance, shape)
      const changes = told.some((number) => number !== 0)
      return { image: changes ? moved(image, from, shape) : image, told }
    },
  }
}

function checkGiven(image: Float32Array, shape: ImageShape, u: ArrayLike<number>): void {
  checkLists(WHERE, { shape })
  const [height, width, channels] = shape
  checkIntegers(WHERE, { height, width, channels })
  const pixels = height * width * channels
  if (!(image instanceof Float32Array && image.length === pixels)) {
    throw expectedType(WHERE, `image to be ${pixels} numbers of float32`, image)
  }
  checkArrayLikes(WHERE, { u })
  for (let i = 0; i < DRAWS; i++) {
    if (!(typeof u[i] === 'number' && u[i]! > 0 && u[i]! < 1)) {
      throw expectedType(WHERE, `u to be ${DRAWS} numbers in (0, 1)`, u[i])
    }
  }
}

/** Where a place (x, y) of the result comes from, counted from the middle of the image in pixels. */
type Source = (x: number, y: number) => readonly [number, number]

/** Deviation of log₂ of a scale, and of a shift in shares of the side. */
const SCALE = 0.2
const SHIFT = 1 / 8

/** One of them, of {@link DRAWS} numbers in (0, 1). */
export function transformation(
  u: ArrayLike<number>,
  chance: number,
  [height, width]: ImageShape,
): { readonly told: readonly number[]; readonly from: Source } {
  const happens = (i: number): boolean => u[i]! < chance
  const angle = (i: number): number => (2 * u[i]! - 1) * Math.PI
  const normal = (i: number): number => Math.sqrt(-2 * Math.log(u[i]!)) * Math.cos(angle(i + 1))
  const [mirrorX, mirrorY] = [0, 1].map((i) => (happens(i) ? 1 : 0)) as [number, number]
  const zoom = happens(2) ? normal(6) : 0
  const turn = happens(3) ? angle(8) : 0
  const [stretch, axis] = happens(4) ? [normal(9), angle(11)] : [0, 0]
  const [right, down] = happens(5) ? [normal(12), normal(14)] : [0, 0]
  // Taken back in the order opposite to the one above.
  const grown = 2 ** (SCALE * zoom)
  const long = 2 ** (SCALE * stretch)
  const from = (x: number, y: number): readonly [number, number] => {
    const [along, across] = turned(x - right * SHIFT * width!, y - down * SHIFT * height!, -axis)
    const [a, b] = turned(...turned(along / long, across * long, axis), -turn)
    return [((mirrorX ? -1 : 1) * a) / grown, ((mirrorY ? -1 : 1) * b) / grown]
  }
  const told = [
    mirrorX,
    mirrorY,
    zoom,
    Math.cos(turn) - 1,
    Math.sin(turn),
    // Of twice the angle: turned by half a circle an axis is the same, and by a quarter it is the other one.
    stretch * Math.cos(2 * axis),
    stretch * Math.sin(2 * axis),
    right,
    down,
  ]
  return { told, from }
}

/** An image of the pixels that its own come from. */
export function moved(
  image: Float32Array,
  from: Source,
  [height, width, channels]: ImageShape,
): Float32Array {
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2]
  // The map is affine: what its axes become is all of it.
  const [x0, y0] = from(0, 0)
  const [xRight, yRight] = from(1, 0)
  const [xDown, yDown] = from(0, 1)
  const result = new Float32Array(image.length)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [across, along] = [column - middleX, row - middleY]
      const x = middleX + x0 + across * (xRight - x0) + along * (xDown - x0)
      const y = middleY + y0 + across * (yRight - y0) + along * (yDown - y0)
      const [left, top] = [Math.floor(x), Math.floor(y)]
      const [right, down] = [x - left, y - top]
      for (let c = 0; c < channels; c++) {
        const at = (i: number, j: number): number =>
          image[(mirrored(top + i, height) * width + mirrored(left + j, width)) * channels + c]!
        const upper = at(0, 0) + right * (at(0, 1) - at(0, 0))
        const lower = at(1, 0) + right * (at(1, 1) - at(1, 0))
        result[(row * width + column) * channels + c] = upper + down * (lower - upper)
      }
    }
  }
  return result
}

function turned(x: number, y: number, angle: number): [number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return [cos * x - sin * y, sin * x + cos * y]
}

/** The place in [0, size) that a mirror at either edge shows at i: … 1 0 | 0 1 … */
function mirrored(i: number, size: number): number {
  const within = ((i % (2 * size)) + 2 * size) % (2 * size)
  return within < size ? within : 2 * size - 1 - within
}

/** How many numbers tell a network of an augmentation: {@link ImageBatchOptions.augment}. */
export const augmentationSize = 9

/** Uniform numbers that {@link augmentationOf} takes. */
export const AUGMENTATION_DRAWS = 16

/** One way to alter an image. */
export interface Augmentation {
  /** What a network is told of it, {@link augmentationSize} numbers: all 0 for an image as it is. */
  readonly told: readonly number[]
  /** Where a place (x, y) of the result comes from, counted from the middle of the image in pixels. */
  readonly from: (x: number, y: number) => readonly [number, number]
}

/** Deviation of log₂ of a scale, and of a shift in shares of the side. */
const SCALE = 0.2
const SHIFT = 1 / 8

/**
 * An augmentation by the geometric transformations of Karras et al. 2022, appendix F.2, each with the given chance: mirrored in x; in y; scaled by
 * 2^(0.2 n), n ~ N(0, 1); turned by any angle; scaled so along one axis and back across it, along any; shifted by n/8 of the side along both.
 *
 * @param u {@link AUGMENTATION_DRAWS} numbers in (0, 1).
 */
export function augmentationOf(
  u: ArrayLike<number>,
  chance: number,
  [height, width]: readonly number[],
): Augmentation {
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

/**
 * An image `[height, width, channels]` with an augmentation: bilinear between pixels, and beyond the edges what a mirror there shows. One that
 * tells nothing changes no bit.
 */
export function augment(
  image: Float32Array,
  { told, from }: Augmentation,
  [height, width, channels]: readonly [number, number, number],
): Float32Array {
  if (told.every((number) => number === 0)) return image
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

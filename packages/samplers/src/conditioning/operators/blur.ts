import { conv2d, expected, reshape, type Tensor, tensor, tidy } from '@sgm/tensor'
import { checkFinite, checkIntegers, checkLists, checkPositive, optionsOf } from '@sgm/tensor/check'
import { checkedOperator, type LinearOperator } from './linear-operator'
import { imagesOf, planesOf } from './planes'
import { type ImageShape, imageShape } from './shapes'

/** A kernel of a convolution, row by row; rows and columns odd in number, its middle at 0. */
export type BlurKernel = readonly (readonly number[])[]

/**
 * The operator that convolves every channel with a kernel (deblurring). Images are 0 beyond their edges.
 *
 * (A x)ᵢⱼ = Σ_uv k_uv x_{i−u, j−v}
 *
 * @param shape `[height, width, channels]` of an image.
 * @param kernel Such as {@link gaussianKernel} and {@link motionKernel} make it.
 * @throws RangeError when the kernel is no rectangle of odd sides, or an argument is not of its kind.
 * @example
 * const operator = blurOperator([28, 28, 1], gaussianKernel({ sigma: 2 }))
 * operator.apply(full([4, 28, 28, 1], 1)).shape // → [4, 28, 28, 1]
 */
export function blurOperator(shape: ImageShape, kernel: BlurKernel): LinearOperator {
  const [height, width, channels] = imageShape('blurOperator', shape)
  checkLists('blurOperator', { kernel, ...kernel })
  const [rows, columns] = [kernel.length, kernel[0]?.length ?? 0]
  const isOdd = rows % 2 === 1 && columns % 2 === 1
  if (!isOdd || kernel.some((row) => row.length !== columns || !row.every(Number.isFinite))) {
    throw expected('blurOperator', 'a kernel of odd sides, all finite', kernel)
  }
  const values = Float32Array.from(kernel.flat())
  const turned = values.slice().reverse()
  const along = (x: Tensor, filter: Float32Array): Tensor =>
    tidy(() => {
      const planes = reshape(planesOf(x), [-1, height, width, 1])
      const blurred = conv2d(planes, tensor(filter, [rows, columns, 1, 1]))
      return imagesOf(reshape(blurred, [x.shape[0]!, channels, height, width]))
    })
  const images = [height, width, channels]
  return checkedOperator('blurOperator', {
    domain: images,
    codomain: images,
    // conv2d correlates
    apply: (x) => along(x, turned),
    adjoint: (y) => along(y, values),
  })
}

/** Options of {@link gaussianKernel}. */
export interface GaussianKernelOptions {
  /** Standard deviation in pixels, > 0. @default 1 */
  readonly sigma?: number
  /** Pixels to each side of the middle, >= 0. @default 3σ, rounded up */
  readonly reach?: number
}

/** A Gaussian blur of sum 1. @throws RangeError when an option is out of its range. * @example
 * const kernel = gaussianKernel({ sigma: 1, reach: 3 })
 * kernel.length // → 7
 */
export function gaussianKernel(options: GaussianKernelOptions = {}): BlurKernel {
  const { sigma = 1 } = optionsOf('gaussianKernel', options, { sigma: true, reach: true })
  checkPositive('gaussianKernel', { sigma })
  const { reach = Math.ceil(3 * sigma) } = options
  checkIntegers('gaussianKernel', { reach }, 0, LARGEST)
  const side = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2))
  return normalised(side.map((a) => side.map((b) => a * b)))
}

/** Options of {@link motionKernel}. */
export interface MotionKernelOptions {
  /** How far the camera moved, in pixels, > 0. @default 5 */
  readonly length?: number
  /** Where to, in degrees, from the right anticlockwise. @default 0 */
  readonly angle?: number
}

/** The blur of a straight, steady motion: a line of one pixel's width, of sum 1. @throws RangeError when an option is out of its range. * @example
 * motionKernel({ length: 3 })[1] // → [1 / 3, 1 / 3, 1 / 3]
 */
export function motionKernel(options: MotionKernelOptions = {}): BlurKernel {
  const { length = 5, angle = 0 } = optionsOf('motionKernel', options, { length: true, angle: true })
  checkPositive('motionKernel', { length })
  checkFinite('motionKernel', { angle })
  if (length > LARGEST) throw expected('motionKernel', `length <= ${LARGEST}`, length)
  const [dx, dy] = [Math.cos((angle * Math.PI) / 180), -Math.sin((angle * Math.PI) / 180)]
  const half = Math.max(0, (length - 1) / 2)
  const reach = Math.ceil(half)
  const pixels = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach)
  const coverage = (y: number, x: number): number => {
    const along = Math.min(half, Math.max(-half, x * dx + y * dy))
    return Math.max(0, 1 - Math.hypot(x - along * dx, y - along * dy))
  }
  return normalised(pixels.map((y) => pixels.map((x) => coverage(y, x))))
}

/** Kernels reach no farther. */
const LARGEST = 255

function normalised(kernel: readonly (readonly number[])[]): BlurKernel {
  const sum = kernel.flat().reduce((a, b) => a + b, 0)
  return kernel.map((row) => row.map((value) => value / sum))
}

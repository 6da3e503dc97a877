import { expected, keep, matMul, reshape, tensor, tidy } from '@sgm/tensor'
import { checkFinite, checkIntegers, checkLists, optionsOf } from '@sgm/tensor/check'
import { checkedOperator, type HeldOperator } from './linear-operator'
import { imagesOf, planesOf } from './planes'
import { type ImageShape, imageShape } from './shapes'

/** Options of {@link radonOperator}. */
export interface RadonOptions {
  /** Number of views, spread evenly over half a turn, >= 1; or their angles in degrees. @default 23 */
  readonly views?: number | readonly number[]
}

/**
 * The operator of parallel-beam tomography (the Radon transform): sums along parallel lines, one a pixel's width from the next, for
 * each of some directions. Lines are sampled once a pixel, between pixels linearly; images are 0 beyond their edges.
 *
 * (A x)_{v, k} = Σ_i x at (k − c, i − c) turned by θ_v about the middle pixel c = ⌊n/2⌋
 *
 * Lengths are in pixels. Corners outside the circle that the edges touch are seen by some views only. It holds its matrix, 4 V n³ bytes
 * for V views of n × n pixels (23 views of 64 pixels: 24 MB), until it is disposed of.
 *
 * Reference: Song, Shen, Xing and Ermon 2022, "Solving inverse problems in medical imaging with score-based generative models", which
 * reconstructs from 23 views; directions and middle are those of scikit-image's `radon`.
 *
 * @param shape `[n, n, channels]` of an image.
 * @returns An operator from images to sinograms `[views, n, channels]`.
 * @throws RangeError when the images are not square, there is no view, or an angle is not finite.
 * @example
 * const operator = radonOperator([32, 32, 1], { views: 23 })
 * const sinogram = operator.apply(sheppLogan({ size: 32 }))
 * sinogram.shape // → [1, 23, 32, 1]
 * operator.dispose()
 */
export function radonOperator(shape: ImageShape, options: RadonOptions = {}): HeldOperator {
  const { views = 23 } = optionsOf('radonOperator', options, { views: true })
  const [size, width, channels] = imageShape('radonOperator', shape)
  if (size !== width) throw expected('radonOperator', 'square images', [size, width])
  const angles = viewAngles('radonOperator', views)
  const count = angles.length
  const pixels = size * size
  const matrix = keep(tidy(() => tensor(raySums(size, angles), [count * size, pixels])))
  return checkedOperator<HeldOperator>('radonOperator', {
    domain: [size, size, channels],
    codomain: [count, size, channels],
    apply: (x) =>
      tidy(() => {
        const planes = reshape(planesOf(x), [-1, pixels])
        const sums = matMul(planes, matrix, { transposeB: true })
        return imagesOf(reshape(sums, [x.shape[0]!, channels, count, size]))
      }),
    adjoint: (y) =>
      tidy(() => {
        const rows = reshape(planesOf(y), [-1, count * size])
        return imagesOf(reshape(matMul(rows, matrix), [y.shape[0]!, channels, size, size]))
      }),
    dispose: () => matrix.dispose(),
  })
}

/** Angles in degrees of views, or of so many over half a turn. */
export function viewAngles(where: string, views: number | readonly number[]): readonly number[] {
  if (typeof views === 'number') {
    checkIntegers(where, { views })
    return Array.from({ length: views }, (_, v) => (180 * v) / views)
  }
  checkLists(where, { views })
  if (views.length === 0) throw expected(where, 'one view or more', 'none')
  checkFinite(where, Object.fromEntries(views.map((angle, i) => [`views[${i}]`, angle])))
  return views
}

/** The weight of each pixel in each sum: `[views × size, size × size]`. */
function raySums(size: number, angles: readonly number[]): Float32Array {
  const values = new Float32Array(angles.length * size ** 3)
  const centre = Math.floor(size / 2)
  for (const [v, angle] of angles.entries()) {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]
    for (let k = 0; k < size; k++) {
      const row = (v * size + k) * size * size
      for (let i = 0; i < size; i++) {
        const x = cos * (k - centre) + sin * (i - centre) + centre
        const y = cos * (i - centre) - sin * (k - centre) + centre
        spread(values, row, size, x, y)
      }
    }
  }
  return values
}

/** Adds the weights of a point between pixels, all within the image. */
function spread(values: Float32Array, row: number, size: number, x: number, y: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  for (const [column, across] of [
    [left, left + 1 - x],
    [left + 1, x - left],
  ] as const) {
    for (const [line, down] of [
      [top, top + 1 - y],
      [top + 1, y - top],
    ] as const) {
      if (column < 0 || line < 0 || column >= size || line >= size) continue
      values[row + line * size + column]! += across * down
    }
  }
}

import {
  add,
  expected,
  type Key,
  mul,
  stack,
  sub,
  type Tensor,
  tensor,
  tidy,
  uniformValues,
  unstack,
} from '@sgm/tensor'
import { checkHalfOpen, checkKeys, checkOneOf, optionsOf } from '@sgm/tensor/check'
import { checkedOperator, type LinearOperator } from './linear-operator'
import { imagesOf, matrixOf, planesOf, sandwich } from './planes'
import { type ImageShape, imageShape, maskOf } from './shapes'

/**
 * The operator that measures spatial frequencies of real images (magnetic resonance imaging, by a single coil): the discrete Fourier
 * transform, orthonormal, as products with matrices, and 0 where `mask` is 0.
 *
 * y_uv = m_uv (HW)^{−½} Σ_ij x_ij exp(−2πi(ui/H + vj/W)), real and imaginary parts on a last axis of 2; frequency 0 comes first
 *
 * Its adjoint is the zero-filled inverse transform.
 *
 * @param shape `[height, width, channels]` of an image.
 * @param mask `[height × width]`, 1 where a frequency is measured: such as {@link kSpaceMask} makes it.
 * @throws RangeError when an entry is neither 0 nor 1, or their number is not that of the pixels.
 * @example
 * const mask = kSpaceMask([32, 32], { key: key(0), acceleration: 4 })
 * const operator = fourierOperator([32, 32, 1], mask)
 * const y = operator.apply(full([1, 32, 32, 1], 1))
 * y.shape // → [1, 32, 32, 1, 2]
 * const zeroFilled = operator.adjoint(y)
 */
export function fourierOperator(shape: ImageShape, mask: ArrayLike<number>): LinearOperator {
  const [height, width, channels] = imageShape('fourierOperator', shape)
  const values = maskOf('fourierOperator', mask)
  if (values.length !== height * width) {
    throw expected('fourierOperator', `a mask of ${height}×${width} frequencies`, values.length)
  }
  const [rows, columns] = [waves(height), waves(width)]
  const kept = (): Tensor => tensor(values, [1, height, width, 1, 1])
  return checkedOperator('fourierOperator', {
    domain: [height, width, channels],
    codomain: [height, width, channels, 2],
    apply: (x) =>
      tidy(() => {
        const planes = planesOf(x)
        const real = sub(sandwich(rows.cos, planes, columns.cos), sandwich(rows.sin, planes, columns.sin))
        const imaginary = add(
          sandwich(rows.cos, planes, columns.sin),
          sandwich(rows.sin, planes, columns.cos),
        )
        return mul(stack([imagesOf(real), mul(imagesOf(imaginary), -1)], -1), kept())
      }),
    adjoint: (y) =>
      tidy(() => {
        const [real, imaginary] = unstack(mul(y, kept()), -1).map(planesOf) as [Tensor, Tensor]
        const even = sub(sandwich(rows.cos, real, columns.cos), sandwich(rows.sin, real, columns.sin))
        const odd = add(
          sandwich(rows.cos, imaginary, columns.sin),
          sandwich(rows.sin, imaginary, columns.cos),
        )
        return imagesOf(sub(even, odd))
      }),
    // A frequency of a real image is measured with its conjugate, alone, or not at all.
    spectrum: 2,
  })
}

/** The real parts of the orthonormal discrete Fourier transform, and its imaginary parts without their sign; both symmetric. */
function waves(size: number) {
  const of = (f: (angle: number) => number) =>
    matrixOf(size, size, (u, i) => f((2 * Math.PI * ((u * i) % size)) / size) / Math.sqrt(size))
  return { cos: of(Math.cos), sin: of(Math.sin) }
}

/** Options of {@link kSpaceMask}. */
export interface KSpaceMaskOptions {
  /** Decides which frequencies are drawn. */
  readonly key: Key
  /** One in so many frequencies is measured, >= 1. @default 4 */
  readonly acceleration?: number
  /** `'cartesian'`: whole rows, as a scanner reads them. `'random'`: frequencies by themselves. @default 'cartesian' */
  readonly pattern?: 'cartesian' | 'random'
  /** The share of rows, or in each direction of frequencies, about frequency 0 that is always measured, in [0, 1). @default 0.08 */
  readonly centre?: number
}

/**
 * Which frequencies to measure: those about 0, and others drawn uniformly, as many in all as the acceleration allows.
 *
 * Reference: Zbontar et al. 2018, "fastMRI: an open dataset and benchmarks for accelerated MRI" (Cartesian masks).
 *
 * @param size Height and width of the images, `[height, width]`.
 * @returns 0 or 1, `[height × width]`, frequency 0 first.
 * @throws RangeError when an option is out of its range.
 * @example
 * const mask = kSpaceMask([32, 32], { key: key(0), acceleration: 4 })
 * mask.filter((m) => m === 1).length // → 256
 */
export function kSpaceMask(
  size: readonly [height: number, width: number],
  options: KSpaceMaskOptions,
): number[] {
  const {
    key,
    acceleration = 4,
    pattern = 'cartesian',
    centre = 0.08,
  } = optionsOf('kSpaceMask', options, { key: true, acceleration: true, pattern: true, centre: true })
  const [height, width] = imageShape('kSpaceMask', [size?.[0], size?.[1], 1])
  checkKeys('kSpaceMask', { key })
  checkOneOf('kSpaceMask', { pattern }, ['cartesian', 'random'])
  checkHalfOpen('kSpaceMask', { centre }, 0, 1)
  if (!(Number.isFinite(acceleration) && acceleration >= 1)) {
    throw expected('kSpaceMask', 'acceleration >= 1', acceleration)
  }
  const near = (i: number, size: number): boolean => Math.min(i, size - i) < (centre * size + 1) / 2
  const lines = pattern === 'cartesian'
  const always = (i: number): boolean =>
    lines ? near(i, height) : near(Math.floor(i / width), height) && near(i % width, width)
  const chosen = choose(key, lines ? height : height * width, acceleration, always)
  return Array.from({ length: height * width }, (_, i) =>
    chosen.has(lines ? Math.floor(i / width) : i) ? 1 : 0,
  )
}

/** Those that are always chosen, and others by chance. */
function choose(
  key: Key,
  count: number,
  acceleration: number,
  always: (i: number) => boolean,
): ReadonlySet<number> {
  const draws = uniformValues(key, count)
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => Number(always(b)) - Number(always(a)) || draws[a]! - draws[b]!,
  )
  const fixed = order.filter(always).length
  return new Set(order.slice(0, Math.max(fixed, Math.round(count / acceleration))))
}

import { type Tensor, tensor } from '@sgm/tensor'
import { checkIntegers, optionsOf } from '@sgm/tensor/check'
import { addEllipse, type Ellipse } from './ellipse'

/** Cosine and sine of 18°. */
const TURN = [Math.sqrt(10 + 2 * Math.sqrt(5)) / 4, (Math.sqrt(5) - 1) / 4] as const

/** The ten ellipses, with the contrast that Toft gave them. */
export const sheppLoganEllipses: readonly Ellipse[] = [
  [1, 0.69, 0.92, 0, 0, 1, 0],
  [-0.8, 0.6624, 0.874, 0, -0.0184, 1, 0],
  [-0.2, 0.11, 0.31, 0.22, 0, TURN[0], -TURN[1]],
  [-0.2, 0.16, 0.41, -0.22, 0, ...TURN],
  [0.1, 0.21, 0.25, 0, 0.35, 1, 0],
  [0.1, 0.046, 0.046, 0, 0.1, 1, 0],
  [0.1, 0.046, 0.046, 0, -0.1, 1, 0],
  [0.1, 0.046, 0.023, -0.08, -0.605, 1, 0],
  [0.1, 0.023, 0.023, 0, -0.606, 1, 0],
  [0.1, 0.023, 0.046, 0.06, -0.605, 1, 0],
]

/** Options of {@link sheppLogan}. */
export interface SheppLoganOptions {
  /** Height and width in pixels, an integer in [8, 1024]. @default 64 */
  readonly size?: number
}

/**
 * The phantom of Shepp and Logan: a section through a head of ten ellipses, by which reconstructions are judged. Its edges are
 * anti-aliased.
 *
 * Reference: Shepp and Logan 1974, "The Fourier reconstruction of a head section"; the grey values are those of Toft 1996, "The
 * Radon transform: theory and implementation", appendix B, whose contrast can be seen.
 *
 * @returns `[1, size, size, 1]`, in [0, 1], the caller's to free.
 * @throws RangeError when `size` is out of its range.
 * @example
 * sheppLogan({ size: 64 }).shape // → [1, 64, 64, 1]
 */
export function sheppLogan(options: SheppLoganOptions = {}): Tensor {
  const { size = 64 } = optionsOf('sheppLogan', options, { size: true })
  checkIntegers('sheppLogan', { size }, 8, 1024)
  const image = new Float64Array(size * size)
  for (const ellipse of sheppLoganEllipses) addEllipse(image, size, ellipse)
  return tensor(
    Float32Array.from(image, (value) => Math.min(1, Math.max(0, value))),
    [1, size, size, 1],
  )
}

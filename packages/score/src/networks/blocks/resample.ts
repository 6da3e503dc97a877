import {
  avgPool2d,
  concat,
  depthwiseConv2d,
  reshape,
  resizeNearest,
  slice,
  type Tensor,
  tensor,
  tidy,
  tile,
} from '@sgm/tensor'

/** Images `[B, H, W, C]` → half or twice the size. */
export type Resample = (x: Tensor) => Tensor

/** Each pixel four times. */
export const upNearest: Resample = (x) => resizeNearest(x, [2 * x.shape[1]!, 2 * x.shape[2]!])

/** The mean of each 2×2 block. */
export const downMean: Resample = (x) => avgPool2d(x, 2)

/**
 * Upsampling by the FIR filter (1, 3, 3, 1)/4 along each axis over zeros between the pixels and outside the image
 * (Karras et al. 2020, StyleGAN2; NCSN++). Since (1, 3, 3, 1) = (1, 1) ∗ (1, 2, 1), that is {@link upNearest} and a
 * filter of three taps.
 */
export const firUp: Resample = (x) => tidy(() => filtered(upNearest(x), [1, 2, 1], 'same'))

/** Downsampling by the FIR filter (1, 3, 3, 1)/8 along each axis, zeros outside the image. */
export const firDown: Resample = (x) => filtered(x, TAPS, 1, 2)

/** The FIR filter at every place, two rows and columns of zeros around: `[B, H, W, C]` → `[B, H + 1, W + 1, C]`. */
export const firBlur = (x: Tensor): Tensor => filtered(x, TAPS, 2)

/** The FIR filter times 4 on a margin of one: `[B, 2H + 1, 2W + 1, C]` → `[B, 2H, 2W, C]`. */
export const firSmooth = (x: Tensor): Tensor => filtered(x, TAPS, 1, 1, 4)

/** Downsampling by the filter (1, 3, 3, 1)/8 along each axis, the image mirrored about its outermost pixels. */
export const linearDown: Resample = (x) => tidy(() => filtered(mirrored(x), TAPS, 'valid', 2))

/** Upsampling by the same filter times 2, over the image mirrored likewise. */
export const linearUp: Resample = (x) =>
  tidy(() => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number]
    return slice(firUp(mirrored(x)), [0, 2, 2, 0], [batch, 2 * height, 2 * width, channels])
  })

/** One row and column more on each side, those next to the outermost: `[B, H, W, C]` → `[B, H + 2, W + 2, C]`. */
function mirrored(x: Tensor): Tensor {
  const along = (v: Tensor, axis: 1 | 2): Tensor => {
    const last = v.shape[axis]! - 2
    const at = (i: number): Tensor => {
      const begin = [0, 0, 0, 0]
      const size = [...v.shape]
      begin[axis] = i
      size[axis] = 1
      return slice(v, begin, size)
    }
    return concat([at(1), v, at(last)], axis)
  }
  return along(along(x, 1), 2)
}

const TAPS = [1, 3, 3, 1]

/** Each channel filtered by the outer product of taps / Σ taps, times gain. */
function filtered(
  x: Tensor,
  taps: readonly number[],
  padding: 'same' | 'valid' | number,
  stride = 1,
  gain = 1,
): Tensor {
  return tidy(() => {
    const total = taps.reduce((a, b) => a + b, 0)
    const values = taps.flatMap((a) => taps.map((b) => (gain * a * b) / total ** 2))
    const [side, channels] = [taps.length, x.shape[3]!]
    const filter = tile(reshape(tensor(values), [side, side, 1, 1]), [1, 1, channels, 1])
    return depthwiseConv2d(x, filter, { stride, padding })
  })
}

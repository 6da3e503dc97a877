import { paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, checkPositive, expected, formatShape, optionsOf } from '@sgm/tensor/check'
import { imagesOf, type PeakOptions } from './psnr'

/** Gaussian of standard deviation 1.5 over 11 pixels, of sum 1. */
const WINDOW = /* @__PURE__ */ windowOf(5, 1.5)

/** (K₁, K₂): what keeps the ratios from 0/0, in shares of the peak. */
const [K1, K2] = [0.01, 0.03]

/**
 * Structural similarity of each image to its reference, at most 1: the mean over all 11×11 windows inside the image, weighted by a
 * Gaussian of 1.5 pixels, and over channels, of
 *
 * (2μ_x μ_y + C₁)(2σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂)), C = (0.01 peak)² and (0.03 peak)²
 *
 * Reference: Wang, Bovik, Sheikh and Simoncelli 2004, "Image quality assessment: from error visibility to structural similarity".
 *
 * @param x Images, `[n, height, width, channels]`, of 11×11 pixels or more.
 * @param y Images of the same shape.
 * @throws RangeError when the shapes do not fit, a value is not finite or `peak` is not > 0. The signal's reason, when it ends the call.
 * @example
 * const truth = normal(key(0), [2, 16, 16, 1])
 * await ssim(truth, truth) // → [1, 1]
 */
export async function ssim(x: Tensor, y: Tensor, options: PeakOptions = {}): Promise<number[]> {
  const { peak = 1 } = optionsOf('ssim', options, { signal: true, onProgress: true, peak: true })
  checkLongCall('ssim', options)
  checkPositive('ssim', { peak })
  const [a, b] = await imagesOf('ssim', x, y)
  const [n, height = 0, width = 0, channels] = x.shape as [number, number?, number?, number?]
  if (channels === undefined || x.shape.length !== 4 || Math.min(height, width) < WINDOW.length) {
    const least = WINDOW.length
    throw expected(
      'ssim',
      `images [n, height >= ${least}, width >= ${least}, channels]`,
      formatShape(x.shape),
    )
  }
  const plane = { height, width }
  const pick = (values: ArrayLike<number>, image: number, channel: number): Float64Array =>
    Float64Array.from(
      { length: height * width },
      (_, i) => values[(image * height * width + i) * channels + channel]!,
    )
  return paced(n, options).each(n, (image) => {
    let sum = 0
    for (let c = 0; c < channels; c++) {
      sum += similarity(pick(a.values, image, c), pick(b.values, image, c), plane, peak)
    }
    return sum / channels
  })
}

interface Plane {
  readonly height: number
  readonly width: number
}

function similarity(x: Float64Array, y: Float64Array, plane: Plane, peak: number): number {
  const local = (value: (i: number) => number) =>
    averages(
      Float64Array.from(x, (_, i) => value(i)),
      plane,
    )
  const [mx, my] = [local((i) => x[i]!), local((i) => y[i]!)]
  const [xx, yy, xy] = [local((i) => x[i]! ** 2), local((i) => y[i]! ** 2), local((i) => x[i]! * y[i]!)]
  const [c1, c2] = [(K1 * peak) ** 2, (K2 * peak) ** 2]
  return (
    mx.reduce((sum, m, i) => {
      const n = my[i]!
      const means = (2 * m * n + c1) / (m * m + n * n + c1)
      const spreads = (2 * (xy[i]! - m * n) + c2) / (xx[i]! - m * m + yy[i]! - n * n + c2)
      return sum + means * spreads
    }, 0) / mx.length
  )
}

/** Weighted means over every window inside the plane. */
function averages(values: Float64Array, { height, width }: Plane): Float64Array {
  const [rows, columns] = [height - WINDOW.length + 1, width - WINDOW.length + 1]
  const across = new Float64Array(height * columns)
  for (let i = 0; i < across.length; i++) {
    const from = Math.floor(i / columns) * width + (i % columns)
    across[i] = WINDOW.reduce((sum, weight, k) => sum + weight * values[from + k]!, 0)
  }
  return Float64Array.from({ length: rows * columns }, (_, i) =>
    WINDOW.reduce((sum, weight, k) => sum + weight * across[i + k * columns]!, 0),
  )
}

function windowOf(reach: number, sigma: number): readonly number[] {
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

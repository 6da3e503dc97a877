import { type LongCallOptions, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, checkPositive, checkShape, checkTensors, optionsOf } from '@sgm/tensor/check'
import { pairOf } from './rows'

/** Options of {@link psnr} and {@link ssim}. */
export interface PeakOptions extends LongCallOptions {
  /** Between the least and the largest value that pixels can have, > 0: 1 for images in [0, 1], 2 in [−1, 1], 255 of bytes. @default 1 */
  readonly peak?: number
}

/**
 * Peak signal-to-noise ratio of each image in decibels: 10 log₁₀(peak²/MSE), `Infinity` where the two are equal.
 *
 * @param x `[n, ...D]`
 * @param y `[n, ...D]`
 * @throws RangeError when the shapes do not fit, a value is not finite or `peak` is not > 0. The signal's reason, when it ends the call.
 * @example
 * const truth = zeros([2, 16, 16, 1])
 * await psnr(add(truth, 0.1), truth) // → [20, 20]
 */
export async function psnr(x: Tensor, y: Tensor, options: PeakOptions = {}): Promise<number[]> {
  const { peak = 1 } = optionsOf('psnr', options, { signal: true, onProgress: true, peak: true })
  checkLongCall('psnr', options)
  checkPositive('psnr', { peak })
  const [a, b] = await imagesOf('psnr', x, y)
  return paced(a.n, options).each(a.n, (i) => {
    let sum = 0
    for (let j = i * a.d; j < (i + 1) * a.d; j++) sum += (a.values[j]! - b.values[j]!) ** 2
    return 10 * Math.log10((peak ** 2 * a.d) / sum)
  })
}

/** As many images of one size each. */
export async function imagesOf(where: string, x: Tensor, y: Tensor) {
  checkTensors(where, { x, y })
  checkShape(where, 'y', y.shape, x.shape)
  return pairOf(where, x, y, 1)
}

import {
  checkShape,
  expected,
  formatShape,
  type LongCallOptions,
  paced,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import { checkIntegers, checkLongCall, checkTensors, optionsOf } from '@sgm/tensor/check'
import { imagesOf, matrixOf, planesOf, sandwich } from './operators/planes'
import { type RadonOptions, viewAngles } from './operators/radon'

/** Options of {@link filteredBackProjection}, whose steps are the views of each image and channel. */
export interface FilteredBackProjectionOptions extends RadonOptions, LongCallOptions {}

/**
 * Reconstructs images from sinograms the classical way: each view filtered by a ramp of frequencies, and smeared back over the image,
 * linearly between detectors. What lies outside the circle that the edges touch is 0.
 *
 * x_p = π/(2V) Σ_v (2h ∗ y_v)(⟨p, e_v⟩), h₀ = ¼, h_k = −1/(πk)² for odd k and 0 for even
 *
 * It amplifies noise, and few views leave streaks: what conditional samplers are compared with.
 *
 * Reference: Kak and Slaney 1988, "Principles of computerized tomographic imaging", chapter 3, equation 61.
 *
 * @param sinograms `[B, views, n, channels]`, as {@link radonOperator} measures them.
 * @param options The views of the operator.
 * @returns `[B, n, n, channels]`, the caller's to free.
 * @throws RangeError when the number of views is not that of the sinograms. The signal's reason, when it ends the call.
 * @example
 * const operator = radonOperator([32, 32, 1], { views: 23 })
 * const sinogram = operator.apply(sheppLogan({ size: 32 }))
 * const image = await filteredBackProjection(sinogram, { views: 23 })
 * image.shape // → [1, 32, 32, 1]
 */
export async function filteredBackProjection(
  sinograms: Tensor,
  options: FilteredBackProjectionOptions = {},
): Promise<Tensor> {
  const { views = 23 } = optionsOf('filteredBackProjection', options, {
    signal: true,
    onProgress: true,
    views: true,
  })
  checkLongCall('filteredBackProjection', options)
  checkTensors('filteredBackProjection', { sinograms })
  const angles = viewAngles('filteredBackProjection', views)
  const [batch = 0, , size = 0, channels = 0] = sinograms.shape
  checkShape('filteredBackProjection', 'sinograms', sinograms.shape, [batch, angles.length, size, channels])
  const pace = paced(batch * channels * angles.length, options)
  const y = await sinograms.data()
  const image = new Float32Array(batch * size * size * channels)
  const centre = Math.floor(size / 2)
  const turns = angles.map(
    (angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)] as const,
  )
  for (let b = 0; b < batch; b++) {
    for (let c = 0; c < channels; c++) {
      for (const [v, [cos, sin]] of turns.entries()) {
        const row = filtered(size, (k) => y[((b * angles.length + v) * size + k) * channels + c]!)
        for (let p = 0; p < size * size; p++) {
          const [dx, dy] = [(p % size) - centre, Math.floor(p / size) - centre]
          if (dx * dx + dy * dy > centre * centre) continue
          const at = dx * cos - dy * sin + centre
          const share = at - Math.floor(at)
          const value = (1 - share) * (row[Math.floor(at)] ?? 0) + share * (row[Math.floor(at) + 1] ?? 0)
          image[(b * size * size + p) * channels + c]! += (Math.PI / (2 * angles.length)) * value
        }
        const turn = pace.step()
        if (turn) await turn
      }
    }
  }
  return tensor(image, [batch, size, size, channels])
}

/** A view convolved with twice the ramp, one detector beyond it included, which pixels may lie before. */
function filtered(size: number, at: (k: number) => number): Float64Array {
  const ramp = (k: number): number => (k === 0 ? 0.25 : k % 2 === 0 ? 0 : -1 / (Math.PI * k) ** 2)
  const row = Float64Array.from({ length: size }, (_, k) => at(k))
  return Float64Array.from({ length: size + 1 }, (_, k) =>
    row.reduce((sum, value, i) => sum + 2 * ramp(k - i) * value, 0),
  )
}

/**
 * Enlarges images `[B, H, W, C]` by a whole factor with Keys's cubic convolution (a = −½), whose weights are rescaled at the edges.
 *
 * Reference: Keys 1981, "Cubic convolution interpolation for digital image processing".
 *
 * @param images What to enlarge.
 * @param factor An integer >= 1.
 * @returns `[B, H factor, W factor, C]`
 * @throws RangeError when the images have no such shape or the factor is out of its range.
 * @example
 * bicubic(full([1, 8, 8, 3], 0.5), 4).shape // → [1, 32, 32, 3]
 */
export function bicubic(images: Tensor, factor: number): Tensor {
  checkTensors('bicubic', { images })
  checkIntegers('bicubic', { factor })
  const [, height, width, channels] = images.shape
  if (!height || !width || !channels || images.shape.length !== 4) {
    throw expected('bicubic', 'images [B, H, W, C]', formatShape(images.shape))
  }
  return tidy(() => imagesOf(sandwich(cubic(height, factor), planesOf(images), cubic(width, factor))))
}

function cubic(size: number, factor: number) {
  const weight = (row: number, column: number): number => keys(Math.abs((row + 0.5) / factor - 0.5 - column))
  const total = (row: number): number =>
    Array.from({ length: size }, (_, column) => weight(row, column)).reduce((a, b) => a + b, 0)
  const totals = Array.from({ length: size * factor }, (_, row) => total(row))
  return matrixOf(size * factor, size, (row, column) => weight(row, column) / totals[row]!)
}

function keys(d: number): number {
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0
}

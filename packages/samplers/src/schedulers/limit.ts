import { clip, div, maximum, minimum, neg, reshape, type Tensor, tensor, tidy } from '@sgm/tensor'
import type { Settings } from './settings'

/** What a configuration does to the predicted data: `[B, ...D]` → `[B, ...D]`. */
export type Limit = (data: Tensor) => Tensor | Promise<Tensor>

/** Clipping or dynamic thresholding of the predicted data, where the configuration asks for one. */
export function limitOf(settings: Settings): Limit | undefined {
  if (settings.thresholding) return thresholded(settings)
  const range = settings.clip_sample_range
  return settings.clip_sample ? (data) => clip(data, -range, range) : undefined
}

/**
 * Clips each row to its own quantile of |x₀|, at least 1, and divides by it.
 *
 * Saharia et al. 2022, "Photorealistic text-to-image diffusion models with deep language understanding", section 2.3.
 */
function thresholded({ dynamic_thresholding_ratio: ratio, sample_max_value: most }: Settings): Limit {
  return async (data) => {
    const values = await data.data()
    const [rows, size] = [data.shape[0]!, data.size / data.shape[0]!]
    const bounds = Float32Array.from({ length: rows }, (_, row) => {
      const row0 = row * size
      const sorted = Float32Array.from(values.subarray(row0, row0 + size), Math.abs).sort()
      return Math.min(Math.max(quantile(sorted, ratio), 1), Math.max(most, 1))
    })
    return tidy(() => {
      const bound = reshape(tensor(bounds), [rows, ...data.shape.slice(1).map(() => 1)])
      return div(minimum(maximum(data, neg(bound)), bound), bound)
    })
  }
}

/** Of sorted numbers, interpolated linearly. */
function quantile(sorted: Float32Array, ratio: number): number {
  const place = ratio * (sorted.length - 1)
  const below = Math.floor(place)
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!
  return sorted[below]! + (place - below) * (next - sorted[below]!)
}

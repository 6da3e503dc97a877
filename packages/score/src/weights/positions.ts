import { concat, cos, mul, reshape, sin, tensor, tidy } from '@sgm/tensor'
import type { TimeEmbedding } from '../networks/time-embedding'

/** How diffusers' sinusoids are spaced and ordered. */
export interface Positions {
  /** @default true */
  readonly flip_sin_to_cos?: boolean
  /** @default 0 */
  readonly freq_shift?: number
}

/** Sinusoids of the step: of frequency 10000^{−k/(n − shift)} for k = 0 … n − 1, n being half the size. */
export function positions(
  size: number,
  { flip_sin_to_cos: flip = true, freq_shift: shift = 0 }: Positions = {},
): TimeEmbedding {
  const half = size / 2
  const frequencies = Array.from({ length: half }, (_, k) => 10_000 ** (-k / (half - shift)))
  return {
    size,
    block: () => ({
      parameters: {},
      apply: (_, t) =>
        tidy(() => {
          const angles = mul(reshape(t, [-1, 1]), tensor(frequencies))
          return concat(flip ? [cos(angles), sin(angles)] : [sin(angles), cos(angles)], 1)
        }),
    }),
  }
}

import type { Tensor } from '@sgm/tensor'
import { expect } from 'vitest'

/**
 * Passes when every value is within `tolerance` (1 + |wanted|). The default is float32's 6e-8 times the hundred-odd
 * roundings of a short computation.
 */
export async function expectNear(
  got: Tensor | ArrayLike<number>,
  wanted: Tensor | ArrayLike<number>,
  tolerance = 1e-5,
): Promise<void> {
  const [a, b] = [await valuesOf(got), await valuesOf(wanted)]
  expect(a.length).toBe(b.length)
  for (let i = 0; i < b.length; i++) {
    const error = Math.abs(a[i]! - b[i]!)
    expect(error, `value ${i}: ${a[i]} for ${b[i]}`).toBeLessThanOrEqual(tolerance * (1 + Math.abs(b[i]!)))
  }
}

async function valuesOf(x: Tensor | ArrayLike<number>): Promise<ArrayLike<number>> {
  return 'data' in x ? await x.data() : x
}

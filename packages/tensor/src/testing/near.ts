import type { Tensor } from '@sgm/tensor'

/**
 * @param room How far values may be apart, relative to 1 plus the largest wanted; NaN and infinities must be where they are wanted.
 * @throws Error that names the first value that is too far off.
 */
export async function expectNear(got: Tensor, wanted: Tensor, room: number): Promise<void> {
  const describe = ({ shape, dtype }: Tensor): string => `${dtype} [${shape}]`
  if (describe(got) !== describe(wanted)) {
    throw new Error(`expected ${describe(wanted)}, got ${describe(got)}`)
  }
  const [a, b] = [await got.data(), await wanted.data()]
  let largest = 0
  for (const value of b) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value))
  b.forEach((value, i) => {
    const near = Object.is(a[i], value) || a[i] === value || Math.abs(a[i]! - value) <= room * (1 + largest)
    if (!near) throw new Error(`expected ${value} at ${i} of ${describe(wanted)}, got ${a[i]}`)
  })
}

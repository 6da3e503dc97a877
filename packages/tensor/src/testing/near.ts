import type { Tensor } from '../types'

/**
 * Passes when every value is where it is wanted: |got − wanted| <= tolerance · (1 + scale). NaN and infinities must be where they
 * are wanted; of two tensors shapes and dtypes must agree too.
 *
 * @param got What a test has found.
 * @param wanted What is true.
 * @param tolerance The default is float32's 6e-8 times the hundred-odd roundings of a short computation.
 * @param relativeTo What the scale is: each value's own size, or the largest finite size of all, for results in which small values are
 * differences of large ones.
 * @throws Error that names the first value that is too far off.
 * @example
 * await expectNear(exp(tensor([0, 1])), [1, Math.E], 1e-6)
 */
export async function expectNear(
  got: Tensor | ArrayLike<number>,
  wanted: Tensor | ArrayLike<number>,
  tolerance = 1e-5,
  relativeTo: 'value' | 'largest' = 'value',
): Promise<void> {
  const both = isTensor(got) && isTensor(wanted)
  const [kind, wantedKind] = both ? [kindOf(got), kindOf(wanted)] : ['values', 'values']
  if (kind !== wantedKind) throw new Error(`expected ${wantedKind}, got ${kind}`)
  const [a, b] = [await valuesOf(got), await valuesOf(wanted)]
  if (a.length !== b.length) throw new Error(`expected ${b.length} values, got ${a.length}`)
  const largest = b.filter(Number.isFinite).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (const [i, value] of b.entries()) {
    const room = tolerance * (1 + (relativeTo === 'largest' ? largest : Math.abs(value)))
    const same = Object.is(a[i], value) || a[i] === value
    const near = Number.isFinite(value) && Math.abs(a[i]! - value) <= room
    if (!same && !near) throw new Error(`expected ${value} at ${i} of ${wantedKind}, got ${a[i]}`)
  }
}

const isTensor = (x: Tensor | ArrayLike<number>): x is Tensor => 'data' in x

const kindOf = ({ shape, dtype }: Tensor): string => `${dtype} [${shape}]`

async function valuesOf(x: Tensor | ArrayLike<number>): Promise<readonly number[]> {
  return Array.from(isTensor(x) ? await x.data() : x)
}

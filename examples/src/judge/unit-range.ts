/**
 * Images that a sampler drew in [0, 1], which it leaves by a little, cut to it.
 *
 * @throws RangeError for images in [−1, 1], most of whose pixels would be cut.
 */
export function inUnitRange(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (!(mean >= 0)) throw new RangeError(`judge: expected images in [0, 1], got a mean of ${mean.toFixed(2)}`)
  return values.map((value) => Math.min(1, Math.max(0, value)))
}

/**
 * Digits in [0, 1], whether a network drew them in that range or in [−1, 1]: most of their pixels are black, and one is nearer to the least
 * number of its own range.
 */
export function inUnitRange(values: Float32Array): Float32Array {
  const black = values.filter((value) => Math.abs(value + 1) < Math.abs(value)).length
  const centred = black > values.length / 2
  return values.map((value) => Math.min(1, Math.max(0, centred ? (value + 1) / 2 : value)))
}

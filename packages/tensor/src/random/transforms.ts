/**
 * Turns random words into `rows` × `columns` values from place `at` on. Each row begins with a new block of two words.
 */
export type Transform<Values> = (
  words: Uint32Array,
  rows: number,
  columns: number,
  values: Values,
  at: number,
) => void

/** Uniform float32 numbers in [low, high): low + (high − low)(word + ½)/2³², rounded, then kept inside. */
export function toUniform(low: number, high: number): Transform<Float32Array> {
  const [least, greatest] = floatsIn(low, high)
  const scale = (high - low) / 4294967296
  return (words, rows, columns, values, from) => {
    let at = from
    for (let row = 0, word = 0; row < rows; row++, word += word & 1) {
      for (const end = at + columns; at < end; at++, word++) {
        const value = low + scale * (words[word]! + 0.5)
        values[at] = Math.min(Math.max(value, least), greatest)
      }
    }
  }
}

/**
 * The least and the greatest float32 number in [low, high); there is none when the first exceeds the second.
 *
 * @example
 * const [low, high] = floatsIn(0.1, 0.9)
 */
export function floatsIn(low: number, high: number): readonly [number, number] {
  const least = Math.fround(low)
  const greatest = Math.fround(high)
  return [least < low ? next(least, 1) : least, greatest < high ? greatest : next(greatest, -1)]
}

/** The float32 number after or before one. */
function next(x: number, direction: 1 | -1): number {
  if (x === 0) return direction * 2 ** -149
  const float = Float32Array.of(x)
  const bits = new Int32Array(float.buffer)
  bits[0]! += x > 0 ? direction : -direction
  return float[0]!
}

/** A sign for each bit of the words, the lowest first. */
export const toSigns: Transform<Float32Array> = (words, rows, columns, values, from) => {
  let at = from
  for (let row = 0, word = 0; row < rows; row++, word += word & 1) {
    for (const end = at + columns; at < end; word++) {
      let bits = words[word]!
      for (const stop = Math.min(end, at + 32); at < stop; at++, bits >>>= 1) values[at] = 2 * (bits & 1) - 1
    }
  }
}

/** An index below `count` for each block. */
export function toIndices(count: number): Transform<Int32Array> {
  return (words, rows, columns, values, at) => {
    for (let i = 0; i < rows * columns; i++) values[at + i] = count * unit53(words, 2 * i)
  }
}

/** An index for each block, with chances in proportion to `weights`: the first whose cumulative weight exceeds a draw. */
export function toWeightedIndices(weights: ArrayLike<number>): Transform<Int32Array> {
  const cumulative = new Float64Array(weights.length)
  let sum = 0
  for (let i = 0; i < weights.length; i++) cumulative[i] = sum += weights[i]!
  return (words, rows, columns, values, at) => {
    for (let i = 0; i < rows * columns; i++) {
      const draw = sum * unit53(words, 2 * i)
      let low = 0
      let high = cumulative.length - 1
      while (low < high) {
        const middle = (low + high) >>> 1
        if (cumulative[middle]! > draw) high = middle
        else low = middle + 1
      }
      values[at + i] = low
    }
  }
}

/** For each place of the values an index up to that place: what a shuffle swaps it with. */
export const toSwaps: Transform<Int32Array> = (words, _rows, columns, values, at) => {
  for (let i = 0; i < columns; i++) values[at + i] = (at + i + 1) * unit53(words, 2 * i)
}

/** A number in [0, 1), a multiple of 2⁻⁵³, from a block. Times a number n > 0 it stays below n after rounding. */
function unit53(words: Uint32Array, at: number): number {
  return (words[at]! * 2097152 + (words[at + 1]! >>> 11)) / 9007199254740992
}

/** cos(kπ/16)/2 */
const half = (k: number): number => Math.cos((k * Math.PI) / 16) / 2
const [A1, A2, A3, A4, A5, A6, A7] = [half(1), half(2), half(3), half(4), half(5), half(6), half(7)]
const values = new Float64Array(64)

/**
 * The samples of a block, from its coefficients: f(x, y) = ¼ ΣΣ c(u) c(v) F(u, v) cos((2x + 1)uπ/16) cos((2y + 1)vπ/16) + 128,
 * one axis after the other. ITU-T T.81, A.3.3.
 *
 * @param block 64 coefficients in rows, still to be multiplied by `quantization`.
 * @param plane Where the samples go, from `at` on in rows of `stride`.
 */
export function inverseDct(
  block: Int16Array,
  quantization: Uint16Array,
  plane: Uint8ClampedArray,
  at: number,
  stride: number,
): void {
  for (let i = 0; i < 64; i++) values[i] = block[i]! * quantization[i]!
  for (let row = 0; row < 8; row++) transform(8 * row, 1)
  for (let column = 0; column < 8; column++) transform(column, 8)
  for (let row = 0; row < 8; row++) {
    const to = at + row * stride
    for (let column = 0; column < 8; column++) plane[to + column] = values[8 * row + column]! + 128
  }
}

/** The transform of eight values in place, `step` apart: even and odd frequencies by themselves, then both halves of them. */
function transform(from: number, step: number): void {
  const x0 = values[from]!
  const x1 = values[from + step]!
  const x2 = values[from + 2 * step]!
  const x3 = values[from + 3 * step]!
  const x4 = values[from + 4 * step]!
  const x5 = values[from + 5 * step]!
  const x6 = values[from + 6 * step]!
  const x7 = values[from + 7 * step]!
  const sum = (x0 + x4) * A4
  const difference = (x0 - x4) * A4
  const outer = x2 * A2 + x6 * A6
  const inner = x2 * A6 - x6 * A2
  pair(from, step, 0, sum + outer, x1 * A1 + x3 * A3 + x5 * A5 + x7 * A7)
  pair(from, step, 1, difference + inner, x1 * A3 - x3 * A7 - x5 * A1 - x7 * A5)
  pair(from, step, 2, difference - inner, x1 * A5 - x3 * A1 + x5 * A7 + x7 * A3)
  pair(from, step, 3, sum - outer, x1 * A7 - x3 * A5 + x5 * A3 - x7 * A1)
}

function pair(from: number, step: number, n: number, even: number, odd: number): void {
  values[from + n * step] = even + odd
  values[from + (7 - n) * step] = even - odd
}

import type { Transform } from './transforms'

/** 2³² / 2ⁱ */
const POWERS = new Float64Array(33).fill(4294967296)
for (let i = 1; i < 33; i++) POWERS[i] = POWERS[i - 1]! / 2

/**
 * Box–Muller: (√(−2 ln u) cos θ, √(−2 ln u) sin θ) with u = (word + ½)/2³², so that 0 < u < 1 and |z| < 6.77 (a larger
 * one has chance 1.3·10⁻¹¹).
 *
 * Logarithm, sine and cosine are polynomials (Chebyshev interpolation, relative error below 10⁻⁹, a sixtieth of
 * float32's rounding) in float64 arithmetic, because Math.log, Math.sin and Math.cos may differ from engine to engine.
 *
 * −ln u = n ln 2 + 2 artanh((1 − m)/(1 + m)), u = m/2ⁿ, ½ <= m < 1: no term cancels another.
 * θ = 4φ, |φ| < π/4, by doubling the angle twice: no quadrants to tell apart.
 */
export const toNormal: Transform<Float32Array> = (words, rows, columns, values, from) => {
  let at = from
  for (let row = 0, word = 0; row < rows; row++) {
    for (const end = at + columns; at < end; at += 2, word += 2) {
      const n = Math.clz32(words[word]!)
      const power = POWERS[n]!
      const m = words[word]! + 0.5
      const s = (power - m) / (power + m)
      const ss = s * s
      const log =
        1.3862943611198906 * n +
        s *
          (3.9999999996180122 +
            ss *
              (1.3333335805286795 +
                ss *
                  (0.7999742249372467 +
                    ss * (0.5724041481687447 + ss * (0.42797121013357087 + ss * 0.4878781616804605)))))
      const radius = Math.sqrt(log)

      const phi = (words[word + 1]! - 2147483647.5) * 3.657295198167899e-10
      const pp = phi * phi
      const sin =
        phi *
        (0.9999999999956731 +
          pp *
            (-0.16666666631591165 +
              pp * (0.00833332878245888 + pp * (-0.000198392022122311 + pp * 2.7173456841089953e-6))))
      const cos =
        0.9999999999524894 +
        pp *
          (-0.4999999961485761 +
            pp * (0.041666616692532826 + pp * (-0.0013886617999647076 + pp * 2.4379831251175367e-5)))
      const sin2 = 2 * sin * cos
      const cos2 = 1 - 2 * sin * sin
      values[at] = radius * (1 - 2 * sin2 * sin2)
      if (at + 1 < end) values[at + 1] = radius * 2 * sin2 * cos2
    }
    at = from + (row + 1) * columns
  }
}

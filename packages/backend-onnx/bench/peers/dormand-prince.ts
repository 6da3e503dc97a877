/** Stages of the pair of Dormand and Prince (1980): time, and weights of the velocities so far. */
const STAGES = [
  [1 / 5, [1 / 5]],
  [3 / 10, [3 / 40, 9 / 40]],
  [4 / 5, [44 / 45, -56 / 15, 32 / 9]],
  [8 / 9, [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729]],
  [1, [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656]],
  [1, [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84]],
] as const

/** The fifth order's weights less the fourth's. */
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]

/**
 * Solves dx/dt = velocity(x, t) from `start` to `end` on the host, one step size for all: the method, tolerances and step control of
 * SciPy's `solve_ivp(method="RK45")`, but for the first step.
 */
export async function dormandPrince(
  velocity: (x: Float64Array, t: number) => Promise<Float64Array>,
  initial: Float64Array,
  { start, end, tolerance }: { start: number; end: number; tolerance: number },
): Promise<Float64Array> {
  const direction = Math.sign(end - start)
  let [x, t, size] = [initial, start, 1e-3]
  let first = await velocity(x, t)
  while (direction * (end - t) > 0) {
    const h = direction * Math.min(size, Math.abs(end - t))
    const slopes = [first]
    let next = x
    for (const [time, weights] of STAGES) {
      next = x.map((value, i) => value + h * weights.reduce((sum, w, j) => sum + w * slopes[j]![i]!, 0))
      slopes.push(await velocity(next, t + h * time))
    }
    const squares = x.map((value, i) => {
      const error = h * ERROR.reduce((sum, w, j) => sum + w * slopes[j]![i]!, 0)
      return (error / (tolerance * (1 + Math.max(Math.abs(value), Math.abs(next[i]!))))) ** 2
    })
    const norm = Math.sqrt(squares.reduce((a, b) => a + b) / x.length)
    size = Math.abs(h) * Math.min(norm < 1 ? 10 : 1, Math.max(0.2, 0.9 * norm ** -0.2))
    if (norm >= 1) continue
    ;[x, t, first] = [next, t + h, slopes.at(-1)!]
  }
  return x
}

import {
  add,
  cast,
  clip,
  floor,
  gather,
  log,
  minimum,
  mul,
  relu,
  reshape,
  splitAxis,
  sub,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import { integrate } from './quadrature'
import type { LinearSDE, Marginal } from './types'

/**
 * Cells of the table. In fractions of the interval's length, the times between them are spaced geometrically from
 * `firstKnot` to `bend`, and evenly from there to 1.
 */
const cells = 512
const firstKnot = 1e-9
const bend = 1 / 16
const geometric = /* @__PURE__ */ Math.log(bend / firstKnot)
/** Length of the cells in the position u = ln(τ/firstKnot) up to the bend, and growing by τ/bend after it. */
const cellSize = (geometric + 1 / bend - 1) / cells

/** Whose marginals these are. */
const WHERE = 'integratedSde'

/** What determines the marginals. */
export interface Coefficients extends Pick<LinearSDE, 'drift' | 'diffusion' | 'interval'> {
  readonly startSigma: number
}

/** ln α and σ², the state that the coefficients move. */
interface State {
  readonly logAlpha: number
  readonly variance: number
}

/** The marginals of a linear SDE, integrated once, when first asked for. */
export function solveMarginals(coefficients: Coefficients): {
  at(t: number): Marginal<number>
  atTensor(t: Tensor): Marginal<Tensor>
} {
  const [start, end] = coefficients.interval
  const span = end - start
  // Float32, so that the tensor path sees the same knots.
  const knots = Array.from({ length: cells + 1 }, (_, i) =>
    Math.min(span, Math.fround(span * fractionAt(i * cellSize))),
  )
  const states = lazily(() => {
    let [before, state]: [number, State] = [0, { logAlpha: 0, variance: coefficients.startSigma ** 2 }]
    return knots.map((knot) => {
      state = advance(coefficients, state, start + before, start + knot)
      before = knot
      return state
    })
  })
  const at = (t: number): Marginal<number> => {
    const elapsed = t - start
    const cell = cellOf(elapsed / span)
    const state =
      cell >= 0
        ? advance(coefficients, states()[cell]!, start + knots[cell]!, t)
        : advance(coefficients, { logAlpha: 0, variance: coefficients.startSigma ** 2 }, start, t)
    return { alpha: Math.exp(state.logAlpha), sigma: Math.sqrt(state.variance) }
  }
  const table = lazily(() => tabulate(coefficients, knots, states()))
  const atTensor = (t: Tensor): Marginal<Tensor> =>
    tidy(() => {
      const elapsed = clip(sub(t, start), knots[0]!, knots[cells]!)
      const fraction = mul(elapsed, 1 / span)
      const bent = log(mul(minimum(fraction, bend), 1 / firstKnot))
      const position = add(bent, relu(sub(mul(fraction, 1 / bend), 1)))
      const row = cast(clip(floor(mul(position, 1 / cellSize)), 0, cells - 1), 'int32')
      const columns = splitAxis(gather(tensor(table(), [cells, 10]), reshape(row, [row.size])), 10, 1)
      const [knot, perWidth, ...cubics] = columns.map((column) => reshape(column, t.shape))
      const w = mul(sub(elapsed, knot!), perWidth!)
      return { alpha: horner(cubics.slice(0, 4), w), sigma: horner(cubics.slice(4), w) }
    })
  return { at, atTensor }
}

/** The time, as a fraction of the interval's length, at position u. */
function fractionAt(u: number): number {
  return u <= geometric ? firstKnot * Math.exp(u) : bend * (1 + u - geometric)
}

/** The cell that holds a fraction of the interval's length; negative before the first knot. */
function cellOf(fraction: number): number {
  const u = Math.log(Math.min(fraction, bend) / firstKnot) + Math.max(0, fraction / bend - 1)
  return Math.min(cells, Math.floor(u / cellSize))
}

/** The state at time t of one at time s: ln α and σ² of the transition added. */
function advance({ drift, diffusion }: Coefficients, state: State, s: number, t: number): State {
  if (t === s) return state
  const total = integrate(WHERE, drift, s, t)
  const added = integrate(WHERE, (u) => diffusion(u) ** 2 * Math.exp(2 * integrate(WHERE, drift, u, t)), s, t)
  return { logAlpha: state.logAlpha + total, variance: state.variance * Math.exp(2 * total) + added }
}

/** Per cell: its first time, 1/width, and the cubic Hermite coefficients of α and of σ in the fraction of the cell. */
function tabulate(
  { drift, diffusion, interval }: Coefficients,
  knots: number[],
  states: State[],
): Float32Array {
  const ends = states.map(({ logAlpha, variance }, i) => {
    const t = Math.min(interval[0] + knots[i]!, interval[1] - 1e-12 * (interval[1] - interval[0]))
    const alpha = Math.exp(logAlpha)
    const sigma = Math.sqrt(variance)
    const f = drift(t)
    return { alpha: [alpha, f * alpha], sigma: [sigma, f * sigma + diffusion(t) ** 2 / (2 * sigma)] } as const
  })
  return Float32Array.from(
    ends.slice(1).flatMap((right, i) => {
      const left = ends[i]!
      const width = knots[i + 1]! - knots[i]!
      return [
        knots[i]!,
        1 / width,
        ...hermite(left.alpha, right.alpha, width),
        ...hermite(left.sigma, right.sigma, width),
      ]
    }),
  )
}

type ValueAndSlope = readonly [value: number, slope: number]

function hermite([a, p]: ValueAndSlope, [b, q]: ValueAndSlope, width: number): number[] {
  const [m, n, rise] = [p * width, q * width, b - a]
  return [a, m, 3 * rise - 2 * m - n, m + n - 2 * rise]
}

function horner([a, b, c, d]: Tensor[], w: Tensor): Tensor {
  return add(mul(add(mul(add(mul(d!, w), c!), w), b!), w), a!)
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

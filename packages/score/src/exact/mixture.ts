import type { Marginal } from '@sgm/sde'
import {
  abs,
  add,
  div,
  expected,
  greaterEqual,
  type Key,
  log,
  logSumExp,
  matMul,
  max,
  maximum,
  min,
  mul,
  neg,
  normal,
  reshape,
  softmax,
  split,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
  uniform,
} from '@sgm/tensor'
import { checkIntegers, checkKeys, checkTensors } from '@sgm/tensor/check'
import type { Eigenbasis } from './symmetric'

/** The parameters of a mixture, in float64. */
export interface Components {
  /** w, adding to 1. */
  readonly weights: readonly number[]
  /** μ, each of d numbers. */
  readonly means: readonly (readonly number[])[]
  /** Σ, each d × d. */
  readonly covariances: readonly (readonly (readonly number[])[])[]
}

/** A mixture ready for tensor work: K components of d dimensions, each covariance diagonalised. */
export interface DiagonalisedMixture extends Pick<Components, 'weights' | 'means'> {
  /** The function whose mixture it is, for its errors. */
  readonly where: string
  readonly bases: readonly Eigenbasis[]
}

/** alpha and sigma, each `[B]` or a number. */
export type Level = Marginal<Tensor | number>

/** ln p of each row of x `[B, ...D]` → `[B]`. */
export function mixtureLogDensity(mixture: DiagonalisedMixture, x: Tensor, level: Level): Tensor {
  return tidy(() => {
    const { logits, nearest, unit } = componentTerms(mixture, x, level)
    return reshape(sub(logSumExp(logits, 0), mul(mul(mul(nearest, 0.5), unit), unit)), [-1])
  })
}

/** ∇ₓ ln p = −Σ_k p(k | x) (α²Σ_k + σ²I)⁻¹ (x − αμ_k), shaped as x. */
export function mixtureScore(mixture: DiagonalisedMixture, x: Tensor, level: Level): Tensor {
  return tidy(() => {
    const { logits, rotated, variances } = componentTerms(mixture, x, level)
    const responsibilities = softmax(logits, 0)
    // Weighted before they are divided: what has no weight may be out of range.
    const perComponent = matMul(mul(div(responsibilities, variances), rotated), transposedAxes(mixture.bases))
    return reshape(neg(sum(perComponent, 0)), [-1, ...x.shape.slice(1)])
  })
}

/** `[n, d]` draws of αx₀ + σz; row i depends on (key, i) only. */
export function mixtureSample(
  { where, weights, means, bases }: DiagonalisedMixture,
  key: Key,
  n: number,
  { alpha, sigma }: Level,
): Tensor {
  const dims = means[0]!.length
  checkKeys(where, { key })
  checkIntegers(where, { n })
  const [componentKey, dataKey, noiseKey] = split(key, 3) as [Key, Key, Key]
  return tidy(() => {
    const u = reshape(uniform(componentKey, [n]), [-1, 1])
    const edges = cumulative(weights)
    const past = (from: readonly number[]): Tensor => greaterEqual(u, tensor(from, [weights.length, 1, 1]))
    const chosen = sub(past(edges.slice(0, -1)), past(edges.slice(1)))
    const z = normal(dataKey, [n, dims])
    const scale = tensor(bases.map(({ values }) => [values.map(Math.sqrt)]))
    const spread = matMul(mul(z, scale), transposedAxes(bases))
    const data = sum(mul(chosen, add(spread, tensor(means.map((m) => [m])))), 0)
    return reshape(add(mul(alongRows(alpha), data), mul(alongRows(sigma), normal(noiseKey, [n, dims]))), [
      n,
      dims,
    ])
  })
}

/** What each component says of each row: K components, B rows. */
interface Terms {
  /** ln of w_k N(x; αμ_k, …), less that of the nearest distance: `[K, B, 1]`. */
  readonly logits: Tensor
  /** The smallest squared Mahalanobis distance of a row, in squares of its unit: `[1, B, 1]`. */
  readonly nearest: Tensor
  readonly unit: Tensor
  /** x − αμ along the axes of each covariance: `[K, B, d]`. */
  readonly rotated: Tensor
  /** Variances along those axes. */
  readonly variances: Tensor
}

/** Squares of coordinates up to here are float32 numbers, also divided by small variances. */
const FAR = 2 ** 40

function componentTerms(
  { where, weights, means, bases }: DiagonalisedMixture,
  x: Tensor,
  { alpha, sigma }: Level,
): Terms {
  const dims = means[0]!.length
  checkTensors(where, { x })
  const batch = x.shape[0] ?? 0
  if (x.shape.length === 0 || x.size !== batch * dims) {
    throw expected(where, `x of ${dims} numbers a row`, `shape [${x.shape.join(', ')}]`)
  }
  const scale = alongRows(alpha)
  const spread = alongRows(sigma)
  const centred = sub(reshape(x, [1, -1, dims]), mul(tensor(means.map((m) => [m])), scale))
  const rotated = matMul(centred, tensor(bases.map(({ axes }) => axes)))
  const variances = add(mul(tensor(bases.map((b) => [b.values])), squared(scale)), squared(spread))
  // In units in which no square overflows; 1 wherever rows are not that far away.
  const unit = maximum(mul(stopGradient(max(abs(rotated), [0, 2], true)), 1 / FAR), 1)
  const scaled = div(rotated, unit)
  const distances = sum(div(square(scaled), variances), 2, true)
  const nearest = min(distances, 0, true)
  const constant = tensor(
    weights.map((w) => [Math.log(w) - (dims / 2) * Math.log(2 * Math.PI)]),
    [weights.length, 1, 1],
  )
  const beyond = mul(mul(mul(sub(distances, nearest), 0.5), unit), unit)
  const volumes = mul(sum(log(variances), 2, true), 0.5)
  return {
    logits: sub(sub(constant, volumes), beyond),
    nearest,
    unit,
    rotated,
    variances,
  }
}

function transposedAxes(bases: readonly Eigenbasis[]): Tensor {
  return tensor(bases.map(({ axes }) => axes.map((_, j) => axes.map((row) => row[j]!))))
}

/** `[B]` → `[1, B, 1]`, so that it meets components × rows × dimensions; the batch size stays free. */
function alongRows(v: Tensor | number): Tensor | number {
  return typeof v === 'number' ? v : reshape(v, [1, -1, 1])
}

function squared(v: Tensor | number): Tensor | number {
  return typeof v === 'number' ? v * v : square(v)
}

/** 0, w₁, w₁ + w₂, …; the last edge lies above every uniform draw. */
function cumulative(weights: readonly number[]): number[] {
  const edges = [0]
  for (const w of weights) edges.push(edges.at(-1)! + w)
  edges[weights.length] = 2
  return edges
}

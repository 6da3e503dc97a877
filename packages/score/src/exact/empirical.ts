import { checkLinearSde, type LinearSDE } from '@sgm/sde'
import {
  abs,
  add,
  div,
  expectedType,
  formatShape,
  log,
  logSumExp,
  matMul,
  max,
  maximum,
  min,
  mul,
  reshape,
  slice,
  softmax,
  square,
  squaredDifference,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tidy,
  transpose,
} from '@sgm/tensor'
import { checkTensors } from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import { dataPrediction } from '../parametrisation/predictions'
import type { ScoreFunction } from '../types'

/** Squares of coordinates up to here are float32 numbers. */
const FAR = 2 ** 40

/** Above this many dimensions, distances are worked out by a matrix product. */
const COORDINATE_WISE = 16

/** The marginals of a forward process started at N equally likely points. */
export interface EmpiricalMarginals {
  /** ln p_t(x) = ln (1/N) Σᵢ N(x; αxᵢ, σ²I): x `[B, ...D]`, t `[B]` → `[B]`. */
  logDensity(x: Tensor, t: Tensor): Tensor
  /** ∇ₓ ln p_t(x). */
  readonly score: ScoreFunction
  /** E[x₀ | x_t = x]: the mean of the data, weighted by how likely each led to x. */
  readonly denoiser: ScoreFunction
}

/**
 * The ideal score of a data set: the exact score of its empirical distribution at every noise level,
 * s(x, t) = (αE[x₀ | x] − x)/σ² with E[x₀ | x] = Σᵢ wᵢxᵢ, w = softmax(−‖x − αxᵢ‖²/2σ²)
 * (Karras et al. 2022, equation 57). What a network with unlimited capacity would learn by denoising; sampling
 * by it gives back the data. Memory grows as B · N.
 *
 * @param data `[N, ...D]`; belongs to the caller and must live as long as the functions are used.
 * @example
 * const data = tensor([
 *   [-1, 0],
 *   [1, 0],
 * ])
 * const { score } = empirical(data, ve())
 * score(zeros([1, 2]), ones([1])) // → [[0, 0]]
 */
export function empirical(data: Tensor, process: LinearSDE): EmpiricalMarginals {
  checkTensors('empirical', { data })
  checkLinearSde('empirical', process)
  if (data.shape.length < 2 || data.shape[0] === 0) {
    throw expectedType('empirical', 'data of shape [N, ...D], N >= 1', formatShape(data.shape))
  }
  const count = data.shape[0]!
  const dims = data.size / count
  const points = (): Tensor => reshape(data, [count, dims])
  /** −‖x − αxᵢ‖²/2σ² less its largest value, `[B, N]`, and that value, `[B, 1]`. */
  const exponents = (x: Tensor, t: Tensor) => {
    checkAt('empirical', x, t)
    if (x.size !== dims * x.shape[0]!) {
      throw expectedType('empirical', `x of ${dims} numbers a row`, formatShape(x.shape))
    }
    const { alpha, sigma } = process.marginalAt(t)
    const rows = reshape(x, [-1, dims])
    // In units in which no square overflows; 1 wherever rows are not that far away.
    const unit = maximum(mul(stopGradient(max(abs(rows), 1, true)), 1 / FAR), 1)
    const distances = squaredDistances(div(rows, unit), div(reshape(alpha, [-1, 1]), unit), points())
    const nearest = min(distances, 1, true)
    const ratio = div(unit, reshape(sigma, [-1, 1]))
    const exponent = (square: Tensor): Tensor => mul(mul(mul(square, -0.5), ratio), ratio)
    return { below: exponent(sub(distances, nearest)), largest: exponent(nearest) }
  }
  const denoiser: ScoreFunction = (x, t) =>
    tidy(() => reshape(matMul(softmax(exponents(x, t).below), points()), [-1, ...x.shape.slice(1)]))
  const score = dataPrediction.toScore(denoiser, process)
  return {
    denoiser,
    logDensity: (x, t) =>
      tidy(() => {
        const { below, largest } = exponents(x, t)
        const { sigma } = process.marginalAt(t)
        const normaliser = mul(log(mul(square(sigma), 2 * Math.PI)), dims / 2)
        const total = add(logSumExp(below, 1), reshape(largest, [-1]))
        return sub(sub(total, Math.log(count)), normaliser)
      }),
    score: (x, t) => {
      checkAt('empirical', x, t)
      return score(x, t)
    },
  }
}

/** ‖x − αy‖² of every pair: x `[B, d]`, α `[B, 1]`, y `[N, d]` → `[B, N]`. */
function squaredDistances(x: Tensor, alpha: Tensor, y: Tensor): Tensor {
  const dims = y.shape[1]!
  const columns = transpose(y)
  if (dims > COORDINATE_WISE) {
    const norms = mul(square(alpha), reshape(sum(square(y), 1), [1, -1]))
    return add(sub(sum(square(x), 1, true), mul(mul(alpha, 2), matMul(x, columns))), norms)
  }
  return Array.from({ length: dims }, (_, i) =>
    squaredDifference(slice(x, [0, i], [-1, 1]), mul(alpha, slice(columns, [i, 0], [1, -1]))),
  ).reduce(add)
}

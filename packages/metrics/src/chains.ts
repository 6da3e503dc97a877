import type { Tensor } from '@sgm/tensor'
import { checkTensors, expected, formatShape } from '@sgm/tensor/check'

/** The draws of one quantity: a list of chains of equal length. */
export type Chains = readonly Float64Array[]

/** One {@link Chains} for each entry of D, of a tensor `[chains, draws, ...D]`. */
export async function quantitiesOf(where: string, x: Tensor): Promise<Chains[]> {
  checkTensors(where, { chains: x })
  const [m = 0, n = 0, ...rest] = x.shape
  const d = rest.reduce((a, b) => a * b, 1)
  if (x.shape.length < 2 || m < 1 || n < 8 || d === 0) {
    throw expected(where, 'chains of shape [chains >= 1, draws >= 8, ...D]', formatShape(x.shape))
  }
  const values = await x.data()
  if (!values.every(Number.isFinite)) throw expected(where, 'chains with finite values', 'NaN or Infinity')
  return Array.from({ length: d }, (_, k) =>
    Array.from({ length: m }, (_, i) =>
      Float64Array.from({ length: n }, (_, j) => values[(i * n + j) * d + k]!),
    ),
  )
}

/** Each chain as two: its first and its last half, the middle draw of an odd number left out. */
export function halves(chains: Chains): Chains {
  const half = Math.floor(chains[0]!.length / 2)
  return chains.flatMap((chain) => [chain.slice(0, half), chain.slice(chain.length - half)])
}

/** The draws replaced by f of them. */
export function mapDraws(chains: Chains, f: (draw: number) => number): Chains {
  return chains.map((chain) => chain.map(f))
}

/** All draws in rising order. */
export function sortedDraws(chains: Chains): Float64Array {
  const all = new Float64Array(chains.length * chains[0]!.length)
  for (const [i, chain] of chains.entries()) all.set(chain, i * chain.length)
  return all.sort()
}

/** The p-quantile of sorted numbers, linear between neighbours. */
export function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1)
  const below = Math.floor(at)
  const left = sorted[below]!
  return left + (at - below) * ((sorted[below + 1] ?? left) - left)
}

/** The draws replaced by normal scores Φ⁻¹((r − ⅜)/(S + ¼)) of their ranks r in all S draws; ties share their mean rank. */
export function normalScores(chains: Chains): Chains {
  const sorted = sortedDraws(chains)
  const scores = new Map<number, number>()
  for (let i = 0; i < sorted.length; ) {
    let end = i
    while (end < sorted.length && sorted[end] === sorted[i]) end++
    const rank = (i + 1 + end) / 2
    scores.set(sorted[i]!, normalQuantile((rank - 0.375) / (sorted.length + 0.25)))
    i = end
  }
  return mapDraws(chains, (draw) => scores.get(draw)!)
}

export function mean(x: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]!
  return sum / x.length
}

/** Sum of squares about the mean, divided by n − 1. */
export function variance(x: ArrayLike<number>): number {
  const centre = mean(x)
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i]! - centre) ** 2
  return sum / (x.length - 1)
}

/** Φ⁻¹(p): Newton's method on Φ, from the logistic approximation. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  let x = -Math.sqrt(Math.max(0, -2 * Math.log(2 * p)))
  for (let i = 0; i < 60; i++) {
    const tail = normalTail(-x)
    // Newton's step for ln Φ, which is concave: it comes from the left and does not overshoot.
    const step = (Math.log(p) - Math.log(tail)) * (tail / density(x))
    x += step
    if (Math.abs(step) < 1e-14 * (1 + Math.abs(x))) break
  }
  return x
}

const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)

/** P(Z > x) for x >= 0: its power series near 0, Laplace's continued fraction far out. */
function normalTail(x: number): number {
  if (x < 3) {
    let [term, sum] = [x, x]
    for (let k = 1; term > 1e-18 * sum; k++) {
      term *= (x * x) / (2 * k + 1)
      sum += term
    }
    return 0.5 - density(x) * sum
  }
  let fraction = x
  for (let k = 200; k >= 1; k--) fraction = x + k / fraction
  return density(x) / fraction
}

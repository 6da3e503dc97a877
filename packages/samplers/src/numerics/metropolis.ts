import { alignRows, cast, exp, expectedType, less, mean, type Tensor, where } from '@sgm/tensor'
import type { Steps } from '../run/steps'
import type { Context, Stepped } from '../types'

/** A point of a Metropolis–Hastings chain with what is known there. */
export interface MetropolisState {
  readonly x: Tensor
  /** The time at which the rest holds. */
  readonly t: number
  readonly score: Tensor
  /** ln p(x) up to a constant, `[B]`. */
  readonly logDensity: Tensor
}

/**
 * What `known` says, if it is about this x and t; else evaluated anew.
 *
 * @throws TypeError when the problem has no log-density.
 */
export function* knownAt(
  sampler: string,
  { score, logDensity }: Context<unknown>,
  x: Tensor,
  t: number,
  known?: MetropolisState,
): Steps<MetropolisState> {
  if (known?.x === x && known.t === t) return known
  if (!logDensity) throw expectedType(sampler, 'problem.logDensity, which acceptance needs', undefined)
  return { x, t, logDensity: yield* logDensity(x, t), score: yield* score(x, t) }
}

/**
 * Accepts each row of `proposal` with chance min(1, e^logRatio), else keeps that of `current`.
 *
 * @param logRatio `[B]`; a row that is NaN is rejected.
 */
export function accept(
  { uniform }: Context<unknown>,
  current: MetropolisState,
  proposal: MetropolisState,
  logRatio: Tensor,
): Stepped<MetropolisState> {
  const accepted = less(uniform(logRatio.shape), exp(logRatio))
  const pick = (a: Tensor, b: Tensor): Tensor => where(alignRows(accepted, a), a, b)
  const state = {
    x: pick(proposal.x, current.x),
    t: proposal.t,
    score: pick(proposal.score, current.score),
    logDensity: pick(proposal.logDensity, current.logDensity),
  }
  return { x: state.x, state, stats: { acceptance: mean(cast(accepted, 'float32')) } }
}

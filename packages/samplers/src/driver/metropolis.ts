import {
  alignRows,
  cast,
  exp,
  expectedType,
  type Key,
  less,
  mean,
  type Own,
  scoped,
  type Tensor,
  tidy,
  uniform,
  where,
} from '@sgm/tensor'
import type { Problem, Stats } from '../types'
import { call, evaluate } from './evaluate'

/** A point of a Metropolis–Hastings chain with what is known there. */
export interface MetropolisState {
  readonly x: Tensor
  /** The time at which the rest holds. */
  readonly t: number
  readonly score: Tensor
  /** ln p(x) up to a constant, `[B]`. */
  readonly logDensity: Tensor
}

/** @throws TypeError when a problem has no log-density. */
export function needsLogDensity(sampler: string, problem: Problem<unknown>): undefined {
  if (!problem.logDensity)
    throw expectedType(sampler, 'problem.logDensity, which acceptance needs', undefined)
}

/** What `known` says, if it is about this x and t; else evaluated anew and given to the scope. */
export async function knownAt(
  own: Own,
  problem: Problem<unknown>,
  x: Tensor,
  t: number,
  known?: MetropolisState,
): Promise<MetropolisState> {
  if (known?.x === x && known.t === t) return known
  const logDensity = own(await call(problem.logDensity!, x, t))
  return { x, t, score: own(await evaluate(problem, x, t)), logDensity }
}

/**
 * Accepts each row of `proposal` with chance min(1, e^logRatio), else keeps that of `current`.
 *
 * @param logRatio `[B]`; a row that is NaN is rejected.
 */
export async function accept(
  key: Key,
  current: MetropolisState,
  proposal: MetropolisState,
  logRatio: Tensor,
): Promise<{ state: MetropolisState; stats: Stats }> {
  return scoped(async (own) => {
    const accepted = own(tidy(() => less(uniform(key, logRatio.shape), exp(logRatio))))
    const rate = own(tidy(() => mean(cast(accepted, 'float32'))))
    const [acceptance] = await rate.data()
    const pick = (a: Tensor, b: Tensor): Tensor => where(alignRows(accepted, a), a, b)
    return {
      state: tidy(() => ({
        x: pick(proposal.x, current.x),
        t: proposal.t,
        score: pick(proposal.score, current.score),
        logDensity: pick(proposal.logDensity, current.logDensity),
      })),
      stats: { acceptance: acceptance! },
    }
  })
}

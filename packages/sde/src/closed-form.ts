import { tidy } from '@sgm/tensor'
import { checkFunctions, checkLists, checkPositive, checkRising, expectedType, objectOf } from '@sgm/tensor/check' // biome-ignore format: names
import { type Arithmetic, numbers, tensors } from './arithmetic'
import { checkTimes, within } from './check-process'
import { withCutOffs } from './cut-offs'
import { gaussianPrior } from './prior'
import type { CutOffs, LinearSDE, Marginal, TimeGrid } from './types'

/** What every process of this package takes. */
export interface ProcessOptions {
  /** Where to stop short of time 0; what is left out keeps the process's default. */
  readonly cutOffs?: Partial<CutOffs>
  /** The times of a run that names none. @default what serves the process best; `karrasGrid()` where that is not known */
  readonly grid?: TimeGrid
}

/** A linear SDE by its closed form: options of {@link linearSde}. */
export interface LinearSdeOptions extends ProcessOptions {
  /**
   * alpha(t) and sigma(t) of p(x_t | x_0), written once over an {@link Arithmetic}: the same formula runs on host
   * numbers and on tensors. Write it so that float32 stays exact near 0 (`expm1`, not `1 − exp`).
   */
  marginal<T>(m: Arithmetic<T>, t: T): Marginal<T>
  /** f(t). @default d ln α/dt, from the derivative of `marginal` */
  readonly drift?: (t: number) => number
  /** g(t). @default √(dσ²/dt − 2fσ²), from the derivative of `marginal`; needs σ differentiable at t */
  readonly diffusion?: (t: number) => number
  /** The times that the process runs over. @default [0, 1] */
  readonly interval?: readonly [start: number, end: number]
  /** Standard deviation of the prior. @default sigma at the end of the interval */
  readonly priorSigma?: number
  /** Named in error messages. @default 'linearSde' */
  readonly name?: string
}

/** One of which nothing is to be derived. */
type ClosedForm = LinearSdeOptions & Required<Pick<LinearSdeOptions, 'drift' | 'diffusion' | 'grid' | 'name'>>

/** The process, checked in the words of its name. @throws RangeError when an option is out of its range, or a time is later asked for outside the interval. */
export function closedForm(form: ClosedForm): LinearSDE {
  const { name, interval = [0, 1], grid, drift, diffusion } = form
  checkFunctions(name, { grid })
  checkLists(name, { interval })
  checkRising(name, { 'interval start': interval[0], 'interval end': interval[1] })
  const cutOffs = withCutOffs(name, scaledCutOffs(interval), form.cutOffs, interval)
  const at = within(name, interval)
  const marginalOf = <T>(m: Arithmetic<T>, t: T) => objectOf(name, form.marginal(m, t), MARGINAL)
  const marginal = at((t) => marginalOf(numbers, t))
  const end = marginal(interval[1])
  if (typeof end.alpha !== 'number' || typeof end.sigma !== 'number') throw expectedType(name, MARGINAL, end)
  const { priorSigma = end.sigma } = form
  checkPositive(name, { priorSigma })
  return {
    interval,
    cutOffs,
    grid,
    drift: at(drift),
    diffusion: at(diffusion),
    marginal,
    marginalAt: (t) => {
      checkTimes(name, t)
      return tidy(() => ({ ...marginalOf(tensors, t) }))
    },
    prior: gaussianPrior(priorSigma),
  }
}

/** What messages say of what a form is to give. */
export const MARGINAL = 'marginal(m, t) to give alpha and sigma'

/** The cut-offs of Song et al. 2021, appendix C, for a process over [0, 1], scaled to an interval. */
export function scaledCutOffs([start, end]: readonly [number, number]): CutOffs {
  const at = (fraction: number): number => start + fraction * (end - start)
  return { train: at(1e-5), sample: at(1e-3), likelihood: at(1e-5) }
}

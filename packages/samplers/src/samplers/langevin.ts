import type { LinearSDE } from '@sgm/sde'
import {
  alignRows,
  div,
  dotRows,
  expected,
  mean,
  mul,
  scoped,
  sqrt,
  square,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import { oneOf, positive } from '../driver/check'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { constantGrid } from '../driver/time'
import type { Sampler, Step } from '../types'

/** Options of {@link langevin}. */
export interface LangevinOptions {
  /** ε > 0, in the data's units squared. @default 0.05, unless `snr` is given */
  readonly stepSize?: number
  /**
   * Ratio r > 0 of noise to score that sets the step instead: ε = 2α(r‖z‖/‖s‖)². In a run over times α is (α(t)/α(s))²
   * of the step from t to s, which is 1 for VE and the published 1 − β_i for VP and sub-VP; in a chain it is 1.
   */
  readonly snr?: number
  /**
   * Where `snr` takes ‖z‖/‖s‖ from. `'level'`: σ(t), the ratio that noise of this level has. `'sample'`: each sample's own
   * norms, whose chance makes the step depend on x and z; that goes away in thousands of dimensions, but in two it widens
   * N(0, I) severalfold. `'batch'`: the means of the norms over the batch, as the published code has it; the samples of a
   * batch then depend on each other.
   * @default 'level'
   */
  readonly norm?: 'level' | 'sample' | 'batch'
}

/**
 * Steps along the score with noise, at one noise level: the unadjusted Langevin algorithm.
 *
 * x ← x + ε s(x) + √(2ε) z. (Some papers write ε/2 and √ε: their ε is twice this one.)
 *
 * Its stationary law is off by O(ε): variance 1/(1 − ε/2) on N(0, 1). As a corrector it takes `snr`.
 *
 * Reference: Roberts and Tweedie 1996; Song et al. 2021, "Score-based generative modeling through SDEs", algorithms 4 and 5.
 *
 * @throws RangeError unless stepSize, snr > 0, one of them at most.
 */
export function langevin({
  stepSize,
  snr,
  norm = 'level',
}: LangevinOptions = {}): Sampler<undefined, unknown> {
  if (stepSize !== undefined && snr !== undefined)
    throw expected('langevin', 'stepSize or snr, not both', `${stepSize} and ${snr}`)
  if (stepSize !== undefined) positive('langevin', { stepSize })
  if (snr !== undefined) positive('langevin', { snr })
  oneOf('langevin', 'norm', norm, ['level', 'sample', 'batch'])
  return {
    name: 'langevin',
    order: 1,
    evaluationsPerStep: 1,
    defaults: { steps: 1000, grid: constantGrid, denoise: 'none' },
    init: ({ process }) => {
      if (snr !== undefined && norm === 'level' && !(process as Partial<LinearSDE> | undefined)?.marginal) {
        throw expected('langevin', "a process with marginals for norm: 'level'", 'one without')
      }
      return undefined
    },
    step: (problem, step) =>
      scoped(async (own) => {
        const { x, t, key, normal, state } = step
        const score = own(await evaluate(problem, x, t))
        return tidy(() => {
          const z = normal(key, x.shape)
          if (snr === undefined) return { x: move(x, score, z, stepSize ?? 0.05), state }
          const { sigma, contraction } = levels(problem.process, step)
          const scale = 2 * contraction * snr ** 2
          if (norm === 'level') return { x: move(x, score, z, scale * sigma ** 2), state }
          const ratio =
            norm === 'sample'
              ? div(dotRows(z, z), dotRows(score, score))
              : square(div(meanNorm(z), meanNorm(score)))
          return { x: move(x, score, z, alignRows(mul(ratio, scale), x)), state }
        })
      }),
  }
}

function move(x: Tensor, score: Tensor, z: Tensor, epsilon: number | Tensor): Tensor {
  const amplitude = typeof epsilon === 'number' ? Math.sqrt(2 * epsilon) : sqrt(mul(epsilon, 2))
  return combine([1, x], [epsilon, score], [amplitude, z])
}

/** σ(t), and (α(t)/α(s))² of the step that the run takes from here: 1 − β of the discretised process. */
function levels(
  process: unknown,
  { t, times, index }: Step<unknown>,
): { readonly sigma: number; readonly contraction: number } {
  const { marginal } = (process ?? {}) as Partial<LinearSDE>
  if (!marginal) return { sigma: Number.NaN, contraction: 1 }
  const { alpha, sigma } = marginal(t)
  return { sigma, contraction: (alpha / marginal(times[index + 1] ?? t).alpha) ** 2 }
}

function meanNorm(x: Tensor): Tensor {
  return mean(sqrt(dotRows(x, x)), undefined, true)
}

import { isLinear, type Process } from '@sgm/sde'
import { alignRows, div, dotRows, mean, mul, sqrt, square, type Tensor } from '@sgm/tensor'
import { checkOneOf, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { constantGrid } from '../run/grid'
import type { Sampler } from '../types'

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
 * @throws TypeError when the options are no object. RangeError unless stepSize, snr > 0, one of them at most.
 * @example
 * const { score } = gaussianMixture()
 * const options = { key: key(0), x: zeros([64, 2]), steps: 100 }
 * const run = chain({ score }, langevin({ stepSize: 0.1 }), options)
 * for await (const { x } of run) console.log(await x.data())
 */
export function langevin(options: LangevinOptions = {}): Sampler<Process | undefined> {
  const {
    stepSize,
    snr,
    norm = 'level',
  } = optionsOf('langevin', options, { stepSize: true, snr: true, norm: true })
  if (stepSize !== undefined && snr !== undefined)
    throw expected('langevin', 'stepSize or snr, not both', `${stepSize} and ${snr}`)
  if (stepSize !== undefined) checkPositive('langevin', { stepSize })
  if (snr !== undefined) checkPositive('langevin', { snr })
  checkOneOf('langevin', { norm }, ['level', 'sample', 'batch'])
  return {
    name: 'langevin',
    order: 1,
    evaluationsPerStep: 1,
    defaults: { steps: 1000, grid: constantGrid, denoise: 'none' },
    *step({ process, score, noise }, { x, t, index, times }) {
      const [value, z] = [yield* score(x, t), noise()]
      if (snr === undefined) return { x: move(x, value, z, stepSize ?? 0.05) }
      const scale = 2 * snr ** 2 * contraction(process, t, times[index + 1] ?? t)
      if (norm === 'level') {
        if (!isLinear(process)) {
          throw expected('langevin', "a process with marginals for norm: 'level'", 'one without')
        }
        return { x: move(x, value, z, scale * process.marginal(t).sigma ** 2) }
      }
      const ratio =
        norm === 'sample'
          ? div(dotRows(z, z), dotRows(value, value))
          : square(div(meanNorm(z), meanNorm(value)))
      return { x: move(x, value, z, alignRows(mul(ratio, scale), x)) }
    },
  }
}

function move(x: Tensor, score: Tensor, z: Tensor, epsilon: number | Tensor): Tensor {
  const amplitude = typeof epsilon === 'number' ? Math.sqrt(2 * epsilon) : sqrt(mul(epsilon, 2))
  return combine([1, x], [epsilon, score], [amplitude, z])
}

/** (α(t)/α(s))² of the step that the run takes from here: 1 − β of the discretised process. */
function contraction(process: Process | undefined, t: number, s: number): number {
  return isLinear(process) ? (process.marginal(t).alpha / process.marginal(s).alpha) ** 2 : 1
}

function meanNorm(x: Tensor): Tensor {
  return mean(sqrt(dotRows(x, x)), undefined, true)
}

import { foldIn, scoped } from '@sgm/tensor'
import { integer } from '../driver/check'
import type { Sampler, Stats } from '../types'
import { langevin } from './langevin'
import { reverseDiffusion } from './reverse-diffusion'

/** Options of {@link predictorCorrector}. */
export interface PredictorCorrectorOptions {
  /** Corrector steps M before each predictor step, >= 0. @default 1 */
  readonly correctorSteps?: number
}

/** The states of both. */
export interface PredictorCorrectorState<P, C> {
  readonly predictor: P
  readonly corrector: C
}

/**
 * Corrects x at the noise level it is at by M steps of a Markov chain, then predicts it at the next.
 *
 * Any sampler predicts, and any that can stay at one time corrects. The corrector runs first, as in the published
 * code: the start is a draw of the prior that it may still improve, and what ends the run is a predictor's step, whose
 * noise-free mean is known. N steps cost N(M + 1) evaluations where both take one.
 *
 * ```ts
 * predictorCorrector(ancestral(), langevin({ snr: 0.16 }), { correctorSteps: 2 })
 * ```
 *
 * The order is the predictor's.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", algorithms 1 to 3 and appendix G.
 *
 * @param predictor `@default reverseDiffusion()`
 * @param corrector `@default langevin({ snr: 0.16 })`
 * @throws RangeError unless correctorSteps is an integer >= 0.
 */
export function predictorCorrector<Process, P = undefined, C = undefined>(
  predictor: Sampler<P, Process> = reverseDiffusion() as unknown as Sampler<P, Process>,
  corrector: Sampler<C, NoInfer<Process>> = langevin({ snr: 0.16 }) as unknown as Sampler<C, Process>,
  { correctorSteps = 1 }: PredictorCorrectorOptions = {},
): Sampler<PredictorCorrectorState<P, C>, Process> {
  integer('predictorCorrector', { correctorSteps }, 0)
  const [p, c] = [predictor.evaluationsPerStep, corrector.evaluationsPerStep]
  return {
    name: `predictor-corrector(${predictor.name}, ${corrector.name})`,
    order: predictor.order,
    ...(p !== undefined && c !== undefined && { evaluationsPerStep: p + correctorSteps * c }),
    ...(predictor.defaults && { defaults: predictor.defaults }),
    init: (problem, x) => ({ predictor: predictor.init(problem, x), corrector: corrector.init(problem, x) }),
    step: (problem, step) =>
      scoped(async (own) => {
        let x = step.x
        let corrected = step.state.corrector
        let stats: Stats = {}
        for (let m = 0; m < correctorSteps; m++) {
          const next = await corrector.step(problem, {
            ...step,
            x,
            s: step.t,
            key: foldIn(step.key, m),
            state: corrected,
          })
          own([next.x, next.state, next.mean])
          x = next.x
          corrected = next.state
          stats = { ...stats, ...next.stats }
        }
        const { state, ...next } = await predictor.step(problem, {
          ...step,
          x,
          key: foldIn(step.key, correctorSteps),
          state: step.state.predictor,
        })
        return {
          ...next,
          state: { predictor: state, corrector: corrected },
          stats: { ...stats, ...next.stats },
        }
      }),
  }
}

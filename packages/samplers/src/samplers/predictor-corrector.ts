import type { LinearSDE, NumberSettings } from '@sgm/sde'
import { checkIntegers, optionsOf } from '@sgm/tensor/check'
import { checkSampler, stepped } from '../run/check-sampler'
import type { Sampler, Stepped } from '../types'
import { langevin } from './langevin'
import { reverseDiffusion } from './reverse-diffusion'

/** The numbers of {@link predictorCorrector} with its usual pair. */
export const predictorCorrectorNumbers = {
  snr: { summary: 'signal-to-noise ratio of the Langevin corrector', default: 0.16, above: 0 },
  correctorSteps: {
    summary: 'corrector steps before each predictor step',
    default: 1,
    least: 0,
    whole: true,
  },
} as const satisfies NumberSettings

/** Options of {@link predictorCorrector}. */
export interface PredictorCorrectorOptions {
  /** Corrector steps M before each predictor step, >= 0. @default 1 */
  readonly correctorSteps?: number
}

/** The states of both. */
interface Both {
  readonly predictor: unknown
  readonly corrector: unknown
}

/**
 * Corrects x at the noise level it is at by M steps of a Markov chain, then predicts it at the next.
 *
 * Any sampler predicts, and any that can stay at one time corrects. The corrector runs first, as in the published
 * code: the start is a draw of the prior that it may still improve, and what ends the run is a predictor's step, whose
 * noise-free mean is known. N steps cost N(M + 1) evaluations where both take one.
 *
 * The order is the predictor's.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", algorithms 1 to 3 and appendix G.
 *
 * @param predictor Goes from a noise level to the next; `reverseDiffusion()` by default.
 * @param corrector A Markov chain at one noise level; `langevin({ snr: 0.16 })` by default.
 * @throws TypeError when the options are no object or one of the two is no sampler. RangeError unless correctorSteps is an integer >= 0.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const sampler = predictorCorrector(ancestral(), langevin({ snr: 0.16 }))
 * const options = { key: key(0), shape: [64, 2], steps: 50 }
 * const x = await sample({ process, score }, sampler, options)
 */
export function predictorCorrector<P>(
  predictor: Sampler<P>,
  corrector: Sampler<P>,
  options?: PredictorCorrectorOptions,
): Sampler<P>
export function predictorCorrector(
  predictor?: Sampler,
  corrector?: Sampler,
  options?: PredictorCorrectorOptions,
): Sampler
export function predictorCorrector(
  predictor: Sampler = reverseDiffusion(),
  corrector: Sampler = langevin({ snr: predictorCorrectorNumbers.snr.default }),
  options: PredictorCorrectorOptions = {},
): Sampler<LinearSDE, Both> {
  checkSampler('predictorCorrector', { predictor, corrector })
  const { correctorSteps = predictorCorrectorNumbers.correctorSteps.default } = optionsOf(
    'predictorCorrector',
    options,
    { correctorSteps: true },
  )
  checkIntegers('predictorCorrector', { correctorSteps }, 0)
  const [p, c] = [predictor.evaluationsPerStep, corrector.evaluationsPerStep]
  return {
    ...predictor,
    name: `predictorCorrector(${predictor.name}, ${corrector.name})`,
    evaluationsPerStep: p === undefined || c === undefined ? undefined : p + correctorSteps * c,
    *step(context, step) {
      let { x, state: corrected } = { x: step.x, state: step.state?.corrector }
      let stats: Stepped['stats'] = {}
      for (let m = 0; m < correctorSteps; m++) {
        const next = yield* stepped('predictorCorrector', corrector, context, {
          ...step,
          x,
          s: step.t,
          state: corrected,
        })
        x = next.x
        corrected = next.state
        stats = { ...stats, ...next.stats }
      }
      const { state, ...next } = yield* stepped('predictorCorrector', predictor, context, {
        ...step,
        x,
        state: step.state?.predictor,
      })
      return {
        ...next,
        state: { predictor: state, corrector: corrected },
        stats: { ...stats, ...next.stats },
      }
    },
  }
}

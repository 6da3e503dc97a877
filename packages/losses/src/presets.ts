import type { LinearSDE } from '@sgm/sde'
import { expected } from '@sgm/tensor/check'
import { type EdmDenoisingOptions, edmDenoising } from './objectives/edm-denoising'
import { flowMatching } from './objectives/flow-matching'
import { noisyClassification } from './objectives/noisy-classification'
import { sdeDenoising } from './objectives/sde-denoising'
import { importanceTimes } from './times'
import type { Loss } from './types'
import { likelihoodWeighting } from './weighting'

/** What is minimised in training, and how the noise levels of a process count in it. */
export interface WeightingPreset {
  /** What it is, in a few words. */
  readonly summary: string
  readonly make: (process: LinearSDE) => Loss
  /** What it teaches. @default 'score' */
  readonly teaches?: 'score' | 'classes'
}

/** EDM's loss. @throws RangeError for a process whose time is not its noise level. */
function ofNoiseLevels(name: string, process: LinearSDE, options?: EdmDenoisingOptions): Loss {
  const [start, end] = process.interval
  const same = [(start + end) / 3, end].every((t) => {
    const { alpha, sigma } = process.marginal(t)
    return alpha === 1 && sigma === t
  })
  if (!same)
    throw expected(`weightingPresets.${name}`, 'a process with α = 1 and σ = t, such as edm', 'another')
  return edmDenoising(options)
}

/**
 * The objectives of denoising score matching, and of classifiers beside them, that are offered by name: to add one to the `sgm` command, add it here.
 *
 * ```ts
 * const loss = weightingPresets.likelihood.make(vp())
 * ```
 */
export const weightingPresets = {
  balanced: {
    summary: 'every noise level counts the same',
    make: (process) => sdeDenoising({ process }),
  },
  likelihood: {
    summary: 'a bound of the likelihood, with times drawn by importance',
    make: (process) =>
      sdeDenoising({
        process,
        weighting: likelihoodWeighting,
        times: importanceTimes(),
        stratified: true,
        // The noise levels that a likelihood is found over.
        cutOff: process.cutOffs.likelihood,
      }),
  },
  flow: {
    summary: 'the squared error of the flow',
    make: (process) => flowMatching({ process }),
  },
  edm: {
    summary: "EDM's, for a process whose time is its noise level",
    make: (process) => ofNoiseLevels('edm', process),
  },
  'edm-small': {
    summary: 'the same for small grey images, by the noise at which these take shape',
    make: (process) => ofNoiseLevels('edm-small', process, { logMean: 0 }),
  },
  'cross-entropy': {
    summary: 'that of a classifier, with noise levels drawn evenly in log-SNR',
    make: (process) => noisyClassification({ process, stratified: true, times: importanceTimes() }),
    teaches: 'classes',
  },
} as const satisfies Readonly<Record<string, WeightingPreset>>

import type { LinearSDE } from '@sgm/sde'
import { expected } from '@sgm/tensor/check'
import { edmDenoising } from './objectives/edm-denoising'
import { flowMatching } from './objectives/flow-matching'
import { sdeDenoising } from './objectives/sde-denoising'
import { importanceTimes } from './times'
import type { Loss } from './types'
import { likelihoodWeighting } from './weighting'

/** How the noise levels of a process are weighed in training. */
export interface WeightingPreset {
  /** What it is, in a few words. */
  readonly summary: string
  readonly make: (process: LinearSDE) => Loss
}

/**
 * The weightings of denoising score matching that are offered by name: to add one to the `sgm` command, add it here.
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
    make: (process) => sdeDenoising({ process, weighting: likelihoodWeighting, times: importanceTimes() }),
  },
  flow: {
    summary: 'the squared error of the flow',
    make: (process) => flowMatching({ process }),
  },
  edm: {
    summary: "EDM's, for a process whose time is its noise level",
    make: (process) => {
      const [start, end] = process.interval
      const same = [(start + end) / 3, end].every((t) => {
        const { alpha, sigma } = process.marginal(t)
        return alpha === 1 && sigma === t
      })
      if (!same)
        throw expected('weightingPresets.edm', 'a process with α = 1 and σ = t, such as edm', 'another')
      return edmDenoising()
    },
  },
} as const satisfies Readonly<Record<string, WeightingPreset>>

import { resolve } from 'node:path'
import { expected, key } from '@sgm/tensor'
import { loadBound } from '../bound'
import { dataSource } from '../config'
import type { Context } from '../context'
import { counted } from '../counted'
import { openDataset } from '../dataset'
import type { Speed } from '../engine'
import { describeMean, type Judged, judge, loadDivergence } from '../likelihood'
import { withRun } from '../run'
import { count, oneOf, positive, whole } from '../settings/kinds'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { path, run, speed } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runLikelihood}. */
export interface RunLikelihoodOptions extends Speed {
  /** The run's folder. */
  readonly run: string
  /** Data to judge. @default the run's own */
  readonly data?: string
  /** Which part of data that come in two. @default 'test' */
  readonly split?: 'train' | 'test'
  /** Number of data. @default 64 */
  readonly n?: number
  /** Relative and absolute tolerance of the ODE solver. @default 1e-3 */
  readonly tolerance?: number
  /** Of dequantisation and probes. @default 0 */
  readonly seed?: number
}

/** What {@link runLikelihood} found. */
export interface RunLikelihoodResult extends Judged {
  /** `bits/dim` of images, `nats` of points: both negative log-likelihoods. */
  readonly unit: 'bits/dim' | 'nats'
  readonly step: number
  readonly seconds: number
}

/**
 * The mean negative log-likelihood of data under the probability-flow ODE of a run's averaged weights, with the divergence
 * by Hutchinson's estimate; images are dequantised uniformly. Beside it stands the bound of maximum-likelihood training, that of the
 * reverse SDE (Song, Durkan et al. 2021, theorem 3).
 *
 * @throws RangeError when the data are not of the run's shape, or an option is out of range.
 * @example
 * const { mean, standardError, unit } = await runLikelihood({
 *   run: 'run',
 *   n: 100,
 * })
 */
export async function runLikelihood(
  options: RunLikelihoodOptions,
  context: Context = {},
): Promise<RunLikelihoodResult> {
  checkOptions(settings, options, context)
  const { run: folder, data, split = 'test', n = 64, tolerance = 1e-3, seed = 0, ...speed } = options
  return withRun(folder, speed, context, async ({ config, model, step, weights, executor }) => {
    const dataset = await openDataset(data === undefined ? config.data : dataSource(data, resolve), split)
    if (dataset.shape.join() !== config.shape.join()) {
      throw expected('sgm', `data of shape ${config.shape.join('×')}`, dataset.shape.join('×'))
    }
    const divergence = loadDivergence(model, weights, executor)
    const bound = loadBound(model, weights, executor)
    const begun = performance.now()
    try {
      const judging = { count: Math.min(n, dataset.length), key: key(seed), tolerance, bound }
      const judged = await judge(config, model, divergence, dataset, judging, context)
      const seconds = (performance.now() - begun) / 1000
      return { unit: config.range ? 'bits/dim' : 'nats', ...judged, step, seconds }
    } finally {
      await divergence.dispose()
      await bound?.dispose()
    }
  })
}

const settings: SettingsOf<RunLikelihoodOptions> = {
  run,
  data: path("as of sgm train (the run's own)", 'what'),
  split: { help: 'train|test (test)', kind: oneOf(['train', 'test']), value: 'part' },
  n: { help: 'number of data (64)', kind: count, short: '-n' },
  tolerance: { help: 'relative and absolute, of the solver (1e-3)', kind: positive, value: 'e' },
  seed: { help: 'of dequantisation and probes (0)', kind: whole },
  ...speed,
}

/** `sgm likelihood` */
export const declareLikelihood = onRun({
  name: 'likelihood',
  summary: 'bits/dim of images under a run',
  description:
    'Solves the probability-flow ODE from data to prior: bits/dim of uniformly dequantised images, nats of points; beside it a bound.',
  settings,
  run: runLikelihood,
  text: ({ unit, bound, count, step, evaluations, seconds, ...judged }: RunLikelihoodResult) =>
    `${describeMean(judged, 4)} ${unit}${bound ? ` (bound ${describeMean(bound, 4)})` : ''} of ${counted(count, 'datum', 'data')} under the weights at step ${step}; ` +
    `${evaluations.toFixed(0)} evaluations each, ${seconds.toPrecision(3)} s`,
})

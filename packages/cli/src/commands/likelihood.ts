import { resolve } from 'node:path'
import { expected, key } from '@sgm/tensor'
import { dataSource } from '../config'
import type { Context, Speed } from '../context'
import { openDataset } from '../dataset'
import { type Judged, judge, loadDivergence } from '../likelihood'
import { withRun } from '../run'
import type { Declare } from './command'
import { among, count, positive, speedOptions, whole } from './options'

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
  /** Relative and absolute tolerance of the ODE solver. @default 1e-5 */
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
 * by Hutchinson's estimate; images are dequantised uniformly.
 *
 * @throws RangeError when the data are not of the run's shape, or an option is out of range.
 */
export function runLikelihood(
  { run: folder, data, split = 'test', n = 64, tolerance = 1e-5, seed = 0, ...speed }: RunLikelihoodOptions,
  context: Context = {},
): Promise<RunLikelihoodResult> {
  return withRun(folder, speed, async ({ config, model, step, weights, executor }) => {
    const dataset = await openDataset(data === undefined ? config.data : dataSource(data, resolve), split)
    if (dataset.shape.join() !== config.shape.join()) {
      throw expected('sgm', `data of shape ${config.shape.join('×')}`, dataset.shape.join('×'))
    }
    const divergence = loadDivergence(model, weights, executor)
    const begun = performance.now()
    try {
      const judging = { count: Math.min(n, dataset.length), key: key(seed), tolerance }
      const judged = await judge(config, model, divergence, dataset, judging, context)
      const seconds = (performance.now() - begun) / 1000
      return { unit: config.range ? 'bits/dim' : 'nats', ...judged, step, seconds }
    } finally {
      await divergence.dispose()
    }
  })
}

/** `sgm likelihood` */
export const declareLikelihood: Declare = (program, perform) => {
  const command = program
    .command('likelihood')
    .argument('<run>', "the run's folder")
    .summary('bits/dim of images under a run')
    .description(
      'Solves the probability-flow ODE from data to prior: bits/dim of uniformly dequantised images, nats of points.',
    )
    .option('--data <what>', "as of sgm train (the run's own)")
    .addOption(among('--split <part>', 'test', ['train', 'test']))
    .option('-n, --n <n>', 'number of data (64)', count)
    .option('--tolerance <e>', 'relative and absolute, of the solver (1e-5)', positive)
    .option('--seed <n>', 'of dequantisation and probes (0)', whole)
  speedOptions(command).action((run: string, options: Omit<RunLikelihoodOptions, 'run'>) =>
    perform(
      (context) => runLikelihood({ ...options, run }, context),
      ({ mean, standardError, unit, count, step, evaluations, seconds }) =>
        `${mean.toFixed(4)} ± ${standardError.toFixed(4)} ${unit} of ${count} data under the weights at step ${step}; ` +
        `${evaluations.toFixed(0)} evaluations each, ${seconds.toPrecision(3)} s`,
    ),
  )
}

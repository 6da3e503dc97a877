import { join } from 'node:path'
import { expected } from '@sgm/tensor'
import type { Context, Speed } from '../context'
import { loadScore } from '../model'
import { encodeNpy } from '../npy'
import { writeImageGrid } from '../pictures'
import { withRun } from '../run'
import { writeWhole } from '../run-folder'
import { drawSamples, type Sampling } from '../sampling'
import type { Declare } from './command'
import { count, samplingOptions, speedOptions } from './options'

/** Options of {@link runSample}. */
export interface RunSampleOptions extends Sampling, Speed {
  /** The run's folder. */
  readonly run: string
  /** Samples to draw. @default 64 */
  readonly n?: number
  /** A PNG of the samples in rows. @default `samples.png` in the run's folder, for images */
  readonly grid?: string
  /** A `.npy` of the samples, in the range that the network was trained in. @default `samples.npy`, for points */
  readonly npy?: string
}

/** What {@link runSample} drew. */
export interface RunSampleResult {
  readonly n: number
  /** Steps that the weights were trained for. */
  readonly step: number
  /** Score evaluations of a sample. */
  readonly evaluations: number
  readonly seconds: number
  /** What was written. */
  readonly files: readonly string[]
}

/**
 * Draws samples from a run's averaged weights, by any sampler.
 *
 * @throws RangeError when there is no trained run in the folder, or an option is out of range.
 */
export function runSample(
  { run: folder, n = 64, grid, npy, threads, eager, ...sampling }: RunSampleOptions,
  context: Context = {},
): Promise<RunSampleResult> {
  return withRun(folder, { threads, eager }, async ({ config, model, step, weights, executor }) => {
    if (grid !== undefined && !config.range) throw expected('sgm', 'a run on images for --grid', config.data)
    const { score, dispose } = loadScore(model, weights, executor)
    const begun = performance.now()
    try {
      const { x, evaluations } = await drawSamples(
        config,
        model,
        { ...sampling, count: n, score: () => score },
        context,
      )
      const seconds = (performance.now() - begun) / 1000
      const files: string[] = []
      try {
        const picture = grid ?? join(folder, 'samples.png')
        if (config.range) {
          await writeImageGrid(picture, x, Math.ceil(Math.sqrt(n)), config.range)
          files.push(picture)
        }
        const array = npy ?? (config.range ? undefined : join(folder, 'samples.npy'))
        if (array) {
          await writeWhole(array, encodeNpy((await x.data()) as Float32Array, x.shape))
          files.push(array)
        }
      } finally {
        x.dispose()
      }
      return { n, step, evaluations, seconds, files }
    } finally {
      await dispose()
    }
  })
}

/** `sgm sample` */
export const declareSample: Declare = (program, perform) => {
  const command = program
    .command('sample')
    .argument('<run>', "the run's folder")
    .summary('draw samples from a run')
    .description('Draws samples from the averaged weights of a run, by any sampler.')
    .option('-n, --n <n>', 'samples to draw (64)', count)
    .option('--grid <file>', 'PNG of the samples in rows (samples.png in the run)')
    .option('--npy <file>', 'array of the samples for NumPy')
  speedOptions(samplingOptions(command)).action((run: string, options: Omit<RunSampleOptions, 'run'>) =>
    perform(
      (context) => runSample({ ...options, run }, context),
      ({ n, step, evaluations, seconds, files }) =>
        `${n} samples of the weights at step ${step}: ${evaluations} evaluations each, ${seconds.toPrecision(3)} s\n` +
        files.join('\n'),
    ),
  )
}

import { join } from 'node:path'
import type { Context } from '../context'
import { counted } from '../counted'
import type { Speed } from '../engine'
import { loadScore } from '../model'
import { encodeNpy } from '../npy'
import { movie, writeImageGrid, writePoints } from '../pictures'
import { withRun } from '../run'
import { writeOutput } from '../run-folder'
import { drawSamples, type Sampling } from '../sampling'
import { count } from '../settings/kinds'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { numbers, path, run, samplerNumbers, sampling, speed } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runSample}. */
export interface RunSampleOptions extends Sampling, Speed {
  /** The run's folder. */
  readonly run: string
  /** Samples to draw. @default 64 images, 1000 points */
  readonly n?: number
  /** A PNG of the samples: images in rows, or points. @default `samples.png` in the run's folder */
  readonly grid?: string
  /** A GIF of the first 64 images, or 4096 points, on their way. @default none */
  readonly gif?: string
  /** A `.npy` of the samples, in the range that the network was trained in. @default none */
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
 * @example
 * const { evaluations } = await runSample({ run: 'run', n: 16, sampler: 'ddim' })
 */
export async function runSample(options: RunSampleOptions, context: Context = {}): Promise<RunSampleResult> {
  checkOptions(settings, options)
  const { run: folder, n, grid, gif, npy, device, threads, eager, ...sampling } = options
  return withRun(
    folder,
    { device, threads, eager },
    context,
    async ({ config, model, step, weights, executor }) => {
      const { range } = config
      const count = n ?? (range ? 64 : 1000)
      const { score, dispose } = loadScore(model, weights, executor)
      const film = gif === undefined ? undefined : movie(model.process, range)
      const begun = performance.now()
      try {
        const drawing = {
          ...sampling,
          count,
          score: () => score,
          ...(film && { frames: { count: 45, add: film.add } }),
        }
        const { x, evaluations } = await drawSamples(config, model, drawing, context)
        const seconds = (performance.now() - begun) / 1000
        try {
          const picture = grid ?? join(folder, 'samples.png')
          if (range) await writeImageGrid(picture, x, Math.ceil(Math.sqrt(count)), range)
          else await writePoints(picture, x)
          if (npy !== undefined) await writeOutput(npy, encodeNpy((await x.data()) as Float32Array, x.shape))
          if (gif !== undefined) await film!.write(gif)
          const files = [picture, npy, gif].filter((path) => path !== undefined)
          return { n: count, step, evaluations, seconds, files }
        } finally {
          x.dispose()
        }
      } finally {
        await dispose()
      }
    },
  )
}

const settings: SettingsOf<RunSampleOptions> = {
  run,
  n: { help: 'samples to draw (64 images, 1000 points)', kind: count, short: '-n' },
  grid: path('PNG of the samples (samples.png in the run)'),
  gif: path('GIF of the first ones on their way'),
  npy: path('array of the samples for NumPy'),
  ...sampling,
  numbers,
  ...speed,
}

/** `sgm sample` */
export const declareSample = onRun({
  name: 'sample',
  summary: 'draw samples from a run',
  description: 'Draws samples from the averaged weights of a run, by any sampler.',
  settings,
  numbers: samplerNumbers,
  run: runSample,
  text: ({ n, step, evaluations, seconds, files }: RunSampleResult) =>
    [
      `${counted(n, 'sample')} of the weights at step ${step}: ${evaluations} evaluations each, ${seconds.toPrecision(3)} s`,
      ...files,
    ].join('\n'),
})

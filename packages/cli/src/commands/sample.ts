import { join } from 'node:path'
import { expected } from '@sgm/tensor/check'
import type { Context } from '../context'
import { counted } from '../counted'
import type { Speed } from '../engine'
import { writeNpy } from '../npy'
import { writeImageGrid } from '../pixels'
import { withRun } from '../run'
import { loadSampleScores } from '../sample-scores'
import { drawSamples, type Sampling } from '../sampling'
import { count, number, positive, text } from '../settings/kinds'
import { checkOptions, flagOf, type SettingsOf } from '../settings/setting'
import { numbers, path, run, samplerNumbers, sampling, speed } from '../settings/shared'
import { onRun } from './command'
import { drawPictures, isPipeline, type PictureOptions } from './draw'

/** Options of {@link runSample}. */
export interface RunSampleOptions extends Sampling, Speed, PictureOptions {
  /** The run's folder, or that of a pipeline of diffusers exported to ONNX. */
  readonly run: string
  /**
   * Scale of guidance by the prompt, @default the pipeline's own; or by the classes that are drawn for the samples of a run
   * with labels, 0 for none, @default 1
   */
  readonly guidance?: number
  /** Samples to draw. @default 64 images, 1000 points, 1 picture of a prompt */
  readonly n?: number
  /** A PNG of the samples: images in rows, or points. @default `samples.png` in the run's folder; `pictures.png` of a prompt */
  readonly out?: string
  /** A GIF of the first 64 images, or 4096 points, on their way. @default none */
  readonly gif?: string
  /** A `.npy` of the samples: images in [0, 1], points as they are. @default none */
  readonly npy?: string
}

/** What {@link runSample} drew. */
export interface RunSampleResult {
  readonly n: number
  /** Steps that the weights were trained for; absent where a pipeline drew. */
  readonly step?: number
  /** Score evaluations of a sample. */
  readonly evaluations: number
  readonly seconds: number
  /** What was written. */
  readonly files: readonly string[]
}

/**
 * Draws samples from a run's averaged weights, or pictures of a prompt by a pretrained pipeline, by any sampler. Each sample
 * of a run with labels is told a class, drawn with equal chances by its seed and number.
 *
 * @throws RangeError when there is no trained run in the folder, or an option is out of range.
 * @example
 * const { evaluations } = await runSample({ run: 'run', n: 16, sampler: 'ddim' })
 */
export async function runSample(options: RunSampleOptions, context: Context = {}): Promise<RunSampleResult> {
  checkOptions(settings, options, context)
  if (await isPipeline(options.run)) {
    refuse(options, ['gif', 'device', 'eager'], 'no', `with the pipeline in ${options.run}`)
    return drawPictures(options.run, options, context)
  }
  refuse(options, ofPipelines, 'a pipeline with model_index.json for', `in ${options.run}`)
  const { run: folder, n, out, gif, npy, guidance, device, threads, eager, ...sampling } = options
  return withRun(
    folder,
    { device, threads, eager },
    context,
    async ({ config, model, step, weights, executor }) => {
      const { range, classes } = config
      if (classes.length === 0)
        refuse(options, ['guidance'], 'a run trained with --labels for', `in ${folder}`)
      const count = n ?? (range ? 64 : 1000)
      const { seed } = sampling
      const { score, dispose } = loadSampleScores(config, model, weights, executor, { seed, guidance })
      const film = gif === undefined ? undefined : (await import('../figures')).movie(model.process, range)
      const begun = performance.now()
      try {
        const drawing = {
          ...sampling,
          count,
          score,
          ...(film && { frames: { count: 45, add: film.add } }),
        }
        const { x, evaluations } = await drawSamples(config, model, drawing, context)
        const seconds = (performance.now() - begun) / 1000
        try {
          const picture = out ?? join(folder, 'samples.png')
          if (range) await writeImageGrid(picture, x, Math.ceil(Math.sqrt(count)), range)
          else await (await import('../figures')).writePoints(picture, x)
          if (npy !== undefined) await writeNpy(npy, x, range)
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

/** Refuses options that do not go with a folder. */
function refuse(options: RunSampleOptions, names: readonly string[], what: string, where: string): void {
  const given = Object.entries(options).find(([name, value]) => names.includes(name) && value !== undefined)
  if (given) throw expected('sgm', `${what} ${flagOf(given[0])} ${where}`, given[1])
}

const drawing: SettingsOf<Omit<PictureOptions, keyof Sampling | 'out'>> = {
  prompt: { help: 'what pictures of a pipeline are to show', kind: text, value: 'text' },
  negative: { help: 'what they are to keep away from', kind: text, value: 'text' },
  guidance: {
    help: "scale of guidance by the prompt (the pipeline's own), or by the classes that a run with labels draws (1; 0 for none)",
    kind: number(),
    value: 'w',
  },
  height: { help: 'of the picture, in pixels', kind: count },
  width: { help: 'of the picture, in pixels', kind: count },
  image: path('picture to begin with'),
  strength: { help: 'share of the steps taken from it (0.8; 1 with a mask)', kind: positive, value: 's' },
  mask: path('what of it is painted anew: left|right|top|bottom|center, or a PNG', 'what'),
}

const { guidance: _, ...others } = drawing
const ofPipelines = Object.keys(others)

const settings: SettingsOf<RunSampleOptions> = {
  run,
  n: { help: 'samples to draw (64 images, 1000 points; 1 of a prompt)', kind: count, short: '-n' },
  out: path('PNG of the samples (samples.png in the run; pictures.png of a prompt)'),
  gif: path('GIF of the first ones on their way'),
  npy: path('array of the samples for NumPy, images in [0, 1]'),
  ...sampling,
  ...drawing,
  numbers,
  ...speed,
}

/** `sgm sample` */
export const declareSample = onRun({
  name: 'sample',
  summary: 'draw samples from a run, or pictures of a prompt',
  description:
    'Draws samples from the averaged weights of a run, each of a class by chance where it learned with labels; or pictures of a prompt by a pipeline of diffusers that was exported to ONNX. By any sampler.',
  argument: "the run's folder, or a pipeline's",
  settings,
  numbers: samplerNumbers,
  run: runSample,
  text: ({ n, step, evaluations, seconds, files }: RunSampleResult) =>
    [
      `${counted(n, 'sample')}${step === undefined ? '' : ` of the weights at step ${step}`}: ${evaluations} evaluations each, ${seconds.toPrecision(3)} s`,
      ...files,
    ].join('\n'),
})

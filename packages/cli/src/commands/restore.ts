import { join, resolve } from 'node:path'
import { coverage, psnr, ssim } from '@sgm/metrics'
import {
  add,
  concat,
  expected,
  foldIn,
  key,
  mean,
  mul,
  normal,
  ones,
  reshape,
  scoped,
  slice,
  sqrt,
  square,
  stack,
  sub,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import * as v from 'valibot'
import { dataSource } from '../config'
import type { Context } from '../context'
import { checkCount, openDataset } from '../dataset'
import type { Speed } from '../engine'
import { writeImageGrid } from '../pixels'
import { condition, methods } from '../restoring/methods'
import { isTask, taskOf, taskWords } from '../restoring/tasks'
import { withRun } from '../run'
import { drawSamples, type Sampling } from '../sampling'
import { count, number, oneOf } from '../settings/kinds'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { numbers, path, run, samplerNumbers, sampling, speed } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runRestore}. */
export interface RunRestoreOptions extends Sampling, Speed {
  /** The run's folder. */
  readonly run: string
  /**
   * What is measured: `ct:23` (views of tomography), `mri:4` (one in so many rows of k-space), `superres:4`, `deblur:1.5` (a Gaussian
   * of so many pixels), `motion:5,30` (so many pixels, at an angle in degrees), `cs:4` (random sums, one for so many pixels),
   * `inpaint:MASK` (as of `sgm inpaint`), `colorize`.
   */
  readonly task: string
  /** How samples are conditioned; `replacement` is for `inpaint` and `colorize`. @default 'pigdm' */
  readonly method?: 'pigdm' | 'dps' | 'projection' | 'replacement'
  /** Standard deviation of the measurement's noise, in shares of its largest value. @default 0.01 */
  readonly noise?: number
  /** Images to restore. @default 4 */
  readonly images?: number
  /** Samples of each. @default 4 */
  readonly n?: number
  /** @default the run's own data, the test part */
  readonly data?: string
  /** A PNG: each row an image, what was measured, the classical reconstruction, the samples, their mean and their spread. */
  readonly out?: string
}

/** How near reconstructions come to the images. */
export interface Restored {
  /** Decibels, the mean over images. */
  readonly psnr: number
  /** The mean over images; absent where they are smaller than 11×11 pixels. */
  readonly ssim?: number
}

/** What {@link runRestore} found. */
export interface RunRestoreResult {
  readonly task: string
  readonly step: number
  readonly evaluations: number
  readonly file: string
  /** By name: the classical reconstruction, a sample, and the mean of the samples. */
  readonly quality: Readonly<Record<string, Restored>>
  /** Share of pixels within the spread of the samples, and what it should be; absent where there is one sample. */
  readonly coverage?: { readonly coverage: number; readonly expected: number }
}

/**
 * Restores images from a measurement of them, by sampling the posterior, and compares with the classical reconstruction.
 *
 * @throws RangeError when the task is none, or does not fit the images.
 * @example
 * const { quality } = await runRestore({ run: 'run', task: 'ct:23' })
 * console.log(quality)
 */
export async function runRestore(
  options: RunRestoreOptions,
  context: Context = {},
): Promise<RunRestoreResult> {
  checkOptions(settings, options, context)
  const {
    run: folder,
    task: text,
    method = 'pigdm',
    noise: share = 0.01,
    images = 4,
    n = 4,
    data,
    out = join(folder, 'restore.png'),
    device,
    threads,
    eager,
    ...drawing
  } = options
  return withRun(folder, { device, threads, eager }, context, async (open) => {
    const { config, model, step } = open
    const { range, shape } = config
    if (!range || shape.length !== 3) throw expected('sgm', 'a run on images', config.data)
    const dataset = await openDataset(data === undefined ? config.data : dataSource(data, resolve), 'test')
    if (dataset.shape.join() !== shape.join()) {
      throw expected('sgm', `images of shape ${shape.join('×')}`, dataset.shape.join('×'))
    }
    checkCount(images, dataset)
    const [low, high] = range
    const seed = key(drawing.seed ?? 0)
    const task = await taskOf(text, shape as [number, number, number], foldIn(seed, 1))
    if (method === 'replacement' && !task.known) {
      throw expected('sgm', '--task inpaint or colorize with --method replacement', text)
    }
    const { operator } = task
    try {
      return await scoped(async (own) => {
        const unit = own(await dataset.take(0, images, key(0), { range: [0, 1] }))
        const inRange = (x: Tensor): Tensor => tidy(() => add(mul(x, high - low), low))
        const clean = own(operator.apply(unit))
        const noise = share * Array.from(await clean.data(), Math.abs).reduce((a, b) => Math.max(a, b), 0)
        const y = own(tidy(() => add(clean, mul(normal(foldIn(seed, 2), clean.shape), noise))))
        // x = low + (high − low) u, and so A x = low A 1 + (high − low) A u.
        const seen = own(
          tidy(() => {
            const black = mul(operator.apply(ones([1, ...operator.domain])), low)
            const each = add(mul(y, high - low), black)
            return reshape(stack(new Array<Tensor>(n).fill(each), 1), [images * n, ...operator.codomain])
          }),
        )
        const measured = { task, noise: Math.max(noise, 1e-4) * (high - low), observation: seen }
        const conditioned = condition(open, method, measured, own)
        const drawn = await drawSamples(
          config,
          model,
          { ...drawing, count: images * n, restores: true, ...conditioned.drawing },
          context,
        ).finally(conditioned.dispose)
        const samples = own(tidy(() => reshape(drawn.x, [images, n, ...shape])))
        own(drawn.x)
        const truth = own(inRange(unit))
        const average = own(mean(samples, 1))
        const classical = own(inRange(own(await task.reconstruct(y))))
        const first = own(
          tidy(() => reshape(slice(samples, [0, 0, 0, 0, 0], [-1, 1, -1, -1, -1]), [images, ...shape])),
        )
        const judge = async (x: Tensor): Promise<Restored> => {
          const peak = { peak: high - low }
          const big = Math.min(shape[0]!, shape[1]!) >= 11
          return {
            psnr: meanOf(await psnr(x, truth, peak)),
            ...(big && { ssim: meanOf(await ssim(x, truth, peak)) }),
          }
        }
        const quality = {
          [task.classical]: await judge(classical),
          'a sample': await judge(first),
          'mean of the samples': await judge(average),
        }
        const spread = own(
          tidy(() => {
            const off = sub(samples, reshape(average, [images, 1, ...shape]))
            return add(mul(sqrt(mean(square(off), 1)), 4), low)
          }),
        )
        const grid = own(
          tidy(() => {
            const shown = inRange(task.show(y))
            const columns = [truth, shown, classical].map((x) => reshape(x, [images, 1, ...shape]))
            const ends = [average, spread].map((x) => reshape(x, [images, 1, ...shape]))
            return reshape(concat([...columns, samples, ...ends], 1), [-1, ...shape])
          }),
        )
        await writeImageGrid(out, grid, n + 5, range)
        const swapped = own(tidy(() => stack(rowsOf(samples, n), 0)))
        return {
          task: text,
          step,
          evaluations: drawn.evaluations,
          file: out,
          quality,
          ...(n > 1 && { coverage: await coverage(swapped, truth) }),
        }
      })
    } finally {
      operator.dispose?.()
    }
  })
}

/** The k-th samples of all images, for each k. */
function rowsOf(samples: Tensor, n: number): Tensor[] {
  const [images = 0, , ...shape] = samples.shape
  return Array.from({ length: n }, (_, k) =>
    reshape(slice(samples, [0, k, 0, 0, 0], [-1, 1, -1, -1, -1]), [images, ...shape]),
  )
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** What a restoration says when it is done. */
function describe({ quality, coverage: covered, step, evaluations, file }: RunRestoreResult): string {
  const width = Math.max(...Object.keys(quality).map(({ length }) => length))
  const table = Object.entries(quality).map(
    ([name, { psnr: decibels, ssim: similarity }]) =>
      `${name.padEnd(width)}  ${decibels.toFixed(2).padStart(6)} dB${similarity === undefined ? '' : `  SSIM ${similarity.toFixed(3)}`}`,
  )
  const inside = covered
    ? [
        `${(100 * covered.coverage).toFixed(1)} % of the pixels within the samples' spread, of ${(100 * covered.expected).toFixed(1)} %`,
      ]
    : []
  return [...table, ...inside, `by the weights at step ${step}, ${evaluations} evaluations each`, file].join(
    '\n',
  )
}

const settings: SettingsOf<RunRestoreOptions> = {
  run,
  task: {
    help: taskWords.replace('|deblur', '|\ndeblur'),
    kind: {
      schema: v.custom<string>(isTask, `to be ${taskWords}`),
      words: `to be ${taskWords}`,
      read: (text) => text,
    },
    value: 'what',
    required: true,
  },
  method: {
    help: `${methods.join('|')} (pigdm)`,
    kind: oneOf(methods),
    value: 'name',
  },
  noise: {
    help: 'of what is measured, in shares of its largest value (0.01)',
    kind: number({ least: 0, most: 1 }),
    value: 's',
  },
  images: { help: 'number of images (4)', kind: count },
  n: { help: 'samples of each (4)', kind: count, short: '-n' },
  data: path("images, as of sgm train (the run's own)", 'what'),
  out: path('PNG: images, measured, classical, samples, mean, spread (restore.png in the run)'),
  ...sampling,
  numbers,
  ...speed,
}

/** `sgm restore` */
export const declareRestore = onRun({
  name: 'restore',
  summary: 'restore images from tomography, k-space, blur, few pixels',
  settings,
  numbers: samplerNumbers,
  run: runRestore,
  text: describe,
})

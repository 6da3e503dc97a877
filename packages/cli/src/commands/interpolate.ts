import { join, resolve } from 'node:path'
import { decode, encode, odeRk45, slerp } from '@sgm/samplers'
import { concat, expected, key, reshape, scoped, slice, stack, type Tensor, tidy } from '@sgm/tensor'
import { dataSource } from '../config'
import type { Context } from '../context'
import { counted } from '../counted'
import { checkCount, openDataset } from '../dataset'
import type { Speed } from '../engine'
import { loadScore } from '../model'
import { writeImageGrid } from '../pixels'
import { withRun } from '../run'
import { count, number, positive } from '../settings/kinds'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { path, run, speed } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runInterpolate}. */
export interface RunInterpolateOptions extends Speed {
  /** The run's folder. */
  readonly run: string
  /** Images to go between. @default the run's own data, the test part */
  readonly data?: string
  /** Pairs of images, a row of the picture each. @default 4 */
  readonly n?: number
  /** Images of a row, its ends among them, >= 2. @default 9 */
  readonly frames?: number
  /** Relative and absolute tolerance of the ODE solver. @default 1e-4 */
  readonly tolerance?: number
  /** @default `interpolate.png` in the run's folder */
  readonly out?: string
}

/** What {@link runInterpolate} drew. */
export interface RunInterpolateResult {
  readonly n: number
  readonly frames: number
  readonly step: number
  /** Largest difference between an image and its reconstruction, in parts of the range of pixels. */
  readonly error: number
  readonly file: string
}

/**
 * Goes between pairs of images along great circles of their codes: encoded and decoded by the probability-flow ODE.
 *
 * @throws RangeError when the images are not of the run's shape, or an option is out of range.
 * @example
 * const { file } = await runInterpolate({ run: 'run', n: 4, frames: 9 })
 */
export async function runInterpolate(
  options: RunInterpolateOptions,
  context: Context = {},
): Promise<RunInterpolateResult> {
  checkOptions(settings, options, context)
  const { signal, report } = context
  const { run: folder, data, n = 4, frames = 9, tolerance = 1e-4, out, ...speed } = options
  return withRun(folder, speed, context, async ({ config, model, step, weights, executor }) => {
    const { range, shape } = config
    if (!range) throw expected('sgm', 'a run on images', config.data)
    const dataset = await openDataset(data === undefined ? config.data : dataSource(data, resolve), 'test')
    if (dataset.shape.join() !== shape.join()) {
      throw expected('sgm', `images of shape ${shape.join('×')}`, dataset.shape.join('×'))
    }
    checkCount(n, dataset, 2)
    const { score, dispose } = loadScore(model, weights, executor)
    const problem = { process: model.process, score }
    const solving = (task: string) => ({
      sampler: odeRk45({ tolerance }),
      steps: 10,
      ...(signal && { signal }),
      onProgress: ({ index, evaluations }: { readonly index: number; readonly evaluations: number }) =>
        report?.(task, index, 10, `${evaluations} evaluations`),
    })
    try {
      return await scoped(async (own) => {
        const x = own(await dataset.take(0, 2 * n, key(0), { range }))
        const codes = own(await encode(problem, x, solving('encoding')))
        const between = own(
          tidy(() => {
            const [from, to] = [0, n].map((start) => slice(codes, [start, 0, 0, 0], [n, -1, -1, -1])) as [
              Tensor,
              Tensor,
            ]
            const paths = Array.from({ length: frames }, (_, i) => slerp(from, to, i / (frames - 1)))
            return reshape(stack(paths, 1), [n * frames, ...shape])
          }),
        )
        const images = own(await decode(problem, between, solving('decoding')))
        const file = out ?? join(folder, 'interpolate.png')
        await writeImageGrid(file, images, frames, range)
        const ends = own(
          tidy(() => {
            const rows = reshape(images, [n, frames, -1])
            return concat(
              [0, frames - 1].map((at) => slice(rows, [0, at, 0], [n, 1, -1])),
              0,
            )
          }),
        )
        const [wanted, got] = await Promise.all([x.data(), ends.data()])
        const error = Math.max(...Float32Array.from(wanted, (value, i) => Math.abs(value - got[i]!)))
        return { n, frames, step, error: error / (range[1] - range[0]), file }
      })
    } finally {
      await dispose()
    }
  })
}

const settings: SettingsOf<RunInterpolateOptions> = {
  run,
  data: path("images, as of sgm train (the run's own)", 'what'),
  n: { help: 'pairs of images, a row each (4)', kind: count, short: '-n' },
  frames: { help: 'images of a row (9)', kind: number({ least: 2, most: 1000, whole: true }) },
  tolerance: { help: 'relative and absolute, of the solver (1e-4)', kind: positive, value: 'e' },
  out: path('PNG (interpolate.png in the run)'),
  ...speed,
}

/** `sgm interpolate` */
export const declareInterpolate = onRun({
  name: 'interpolate',
  summary: 'go between images through their codes',
  settings,
  run: runInterpolate,
  text: ({ n, step, error, file }: RunInterpolateResult) =>
    [
      `${counted(n, 'path')} by the weights at step ${step}`,
      `decoded from their codes, the images differ from themselves by ${percent(error)} of the range of pixels at most;`,
      'were the ODE solved exactly, by 0%: a lower --tolerance and longer training bring it down',
      file,
    ].join('\n'),
})

/** 0.0123 → 1.2%. */
function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`
}

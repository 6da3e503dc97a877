import { resolve } from 'node:path'
import { type Known, replacement, type SamplerTarget } from '@sgm/samplers'
import { concat, expected, key, scoped, type Tensor, tidy } from '@sgm/tensor'
import { dataSource } from '../config'
import type { Context } from '../context'
import { counted } from '../counted'
import { checkCount, openDataset } from '../dataset'
import type { Speed } from '../engine'
import { loadScore } from '../model'
import { writeImageGrid } from '../pixels'
import { rows } from '../restoring/methods'
import { type OpenRun, withRun } from '../run'
import { drawSamples, type Sampling } from '../sampling'

/** Options of commands that complete images. */
export interface CompletionOptions extends Sampling, Speed {
  /** The run's folder. */
  readonly run: string
  /** Images to complete. @default the run's own data, the test part */
  readonly data?: string
  /** Number of images. @default 8 */
  readonly n?: number
  /** Where the picture is written: the images, what is known of them, and the completions, row by row. */
  readonly out?: string
}

/** What a completion wrote. */
export interface CompletionResult {
  readonly n: number
  readonly step: number
  readonly evaluations: number
  readonly file: string
}

/** What is known of images `[n, H, W, C]`, and a picture of it. */
export interface Clue {
  readonly known: Known
  readonly shown: Tensor
}

/** Completes images of which something is known, and draws them under what they were. */
export function complete(
  {
    run: folder,
    data,
    n = 8,
    out,
    device,
    threads,
    eager,
    ...sampling
  }: CompletionOptions & { readonly out: string },
  clueOf: (run: OpenRun, x: Tensor) => Promise<Clue>,
  context: Context,
): Promise<CompletionResult> {
  return withRun(folder, { device, threads, eager }, context, async (run) => {
    const { config, model, step, weights, executor } = run
    const { range } = config
    if (!range) throw expected('sgm', 'a run on images', config.data)
    const dataset = await openDataset(data === undefined ? config.data : dataSource(data, resolve), 'test')
    if (dataset.shape.join() !== config.shape.join()) {
      throw expected('sgm', `images of shape ${config.shape.join('×')}`, dataset.shape.join('×'))
    }
    checkCount(n, dataset)
    const { score, dispose } = loadScore(model, weights, executor)
    try {
      return await scoped(async (own) => {
        const x = own(await dataset.take(0, n, key(0), { range }))
        const { known, shown } = own(await clueOf(run, x))
        const wrap = (start: number, count: number): SamplerTarget['wrap'] => {
          const data = known.data.shape[0] === n ? own(rows(known.data, start, count)) : known.data
          return (sampler) => replacement(sampler, { ...known, data })
        }
        const drawing = { ...sampling, count: n, score: () => score, wrap, restores: true }
        const drawn = own(await drawSamples(config, model, drawing, context))
        await writeImageGrid(out, own(tidy(() => concat([x, shown, drawn.x], 0))), n, range)
        return { n, step, evaluations: drawn.evaluations, file: out }
      })
    } finally {
      await dispose()
    }
  })
}

/** What a completion says when it is done. */
export function describeCompletion({ n, step, evaluations, file }: CompletionResult): string {
  return `${counted(n, 'image')} completed by the weights at step ${step}, ${evaluations} evaluations each\n${file}`
}

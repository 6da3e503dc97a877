import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Executor, key, scoped } from '@sgm/tensor'
import type { Evaluation, EvaluationInput } from '@sgm/train'
import type { RunConfig } from '../config'
import type { Context } from '../context'
import { openDataset } from '../dataset'
import { judge, type LoadedDivergence, loadDivergence } from '../likelihood'
import type { Model } from '../model'
import { writeImageGrid } from '../pixels'
import { loadSampleScores, type SampleScores } from '../sample-scores'
import { drawSamples } from '../sampling'

/** Samples that an evaluation draws: images are a square number. */
const [IMAGES, POINTS] = [36, 1000]

/** What evaluations need. */
export interface EvaluationSetup {
  readonly config: RunConfig
  readonly model: Model
  /** Folder of the pictures, in one that exists. */
  readonly folder: string
  /** Held-out data whose likelihood is found; 0 for none. */
  readonly bits: number
  readonly executor: Executor | undefined
}

/** What is worked out during training: see {@link evaluations}. */
export interface Evaluations {
  readonly run: Evaluation['run']
  /** The last picture. */
  latest(): string | undefined
  dispose(): Promise<void>
}

/** A picture of samples, and the likelihood of held-out data. */
export function evaluations(
  { config, model, folder, bits, executor }: EvaluationSetup,
  { signal }: Context,
): Evaluations {
  const quiet: Context = signal ? { signal } : {}
  let latest: string | undefined
  let scores: SampleScores | undefined
  let divergence: LoadedDivergence | undefined
  const picture = async ({ step, ema }: EvaluationInput): Promise<void> => {
    await scores?.refresh()
    scores ??= loadSampleScores(config, model, ema, executor)
    const { range } = config
    const path = join(folder, `step-${String(step).padStart(7, '0')}.png`)
    const count = range ? IMAGES : POINTS
    await scoped(async (own) => {
      const drawing = { count, sampler: 'dpm++', score: scores!.score }
      const { x } = own(await drawSamples(config, model, drawing, quiet))
      // Without the folders on the way: a run's folder that went away stays away.
      await mkdir(folder).catch(unlessThere)
      if (range) await writeImageGrid(path, x, Math.sqrt(count), range)
      else await (await import('../figures')).writePoints(path, x)
    })
    latest = path
  }
  const likelihood = async ({ ema }: EvaluationInput): Promise<Record<string, number>> => {
    await divergence?.refresh()
    divergence ??= loadDivergence(model, ema, executor)
    const dataset = await openDataset(config.data, 'test')
    const judging = { count: Math.min(bits, dataset.length), key: key(1), tolerance: 1e-3 }
    const { mean, standardError } = await judge(config, model, divergence, dataset, judging, quiet)
    return {
      [config.range ? 'bitsPerDim' : 'nats']: mean,
      ...(standardError !== undefined && { standardError }),
    }
  }
  return {
    latest: () => latest,
    async run(input) {
      await picture(input)
      return bits > 0 ? likelihood(input) : {}
    },
    async dispose() {
      await scores?.dispose()
      await divergence?.dispose()
    },
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

import { images } from '@sgm/data'
import {
  type Known,
  langevin,
  predictorCorrector,
  replacement,
  reverseDiffusion,
  sample,
} from '@sgm/samplers'
import { concat, foldIn, type Tensor, tidy } from '@sgm/tensor'
import { figure, imageGrid, type Picture } from '@sgm/viz'
import type { Context } from '../section'
import { type GlyphModel, RANGE } from './glyph-model'

/** Completions of each image. */
export const TIMES = 4

/** Images to complete. */
export interface Originals {
  /** `[n, 28, 28, channels]` */
  readonly original: Tensor
  /** The original of each completion: completion k of image i is row k n + i. */
  readonly repeated: Tensor
}

/** Images that the model has not seen. */
export async function originals({ effort }: Context, { unseen }: GlyphModel): Promise<Originals> {
  const numbers = Array.from({ length: Math.max(2, Math.floor(effort.glyphs / 6)) }, (_, i) => i)
  return {
    original: await images(unseen, numbers, { range: RANGE }),
    repeated: await images(unseen, Array.from({ length: TIMES }, () => numbers).flat(), { range: RANGE }),
  }
}

/** Draws what is not known, by predictor and corrector. */
export function complete(
  { key, effort, progress, signal }: Context,
  { process, score }: GlyphModel,
  task: string,
  known: Known,
): Promise<Tensor> {
  const sampler = predictorCorrector(
    replacement(reverseDiffusion(), known),
    replacement(langevin({ snr: 0.16 }), known),
  )
  return sample({ process, score }, sampler, {
    key: foldIn(key, 0),
    shape: known.data.shape,
    steps: effort.glyphSteps,
    ...(signal && { signal }),
    onProgress: ({ index, steps, evaluations }) => progress(task, index, steps, `${evaluations} evaluations`),
  })
}

/** Images, what is known of them, and their completions, below each other. */
export async function below({ original }: Originals, known: Tensor, completed: Tensor): Promise<Picture> {
  const all = tidy(() => concat([original, known, completed], 0))
  const rowLabels = ['data', 'known', ...Array.from({ length: TIMES }, (_, i) => `drawn ${i + 1}`)]
  try {
    return await figure([imageGrid(all, { columns: original.shape[0]!, rowLabels, range: RANGE })], {
      width: 800,
    })
  } finally {
    all.dispose()
  }
}

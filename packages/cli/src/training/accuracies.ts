import type { LabelledImages } from '@sgm/data'
import { logSnr, timeOfLogSnr } from '@sgm/sde'
import { add, argMax, dispose, foldIn, key, mul, normal, ones, tidy } from '@sgm/tensor'
import type { Context } from '../context'
import { openDataset } from '../dataset'
import { type LoadedScore, loadScore } from '../model'
import type { EvaluationSetup, Evaluations } from './evaluations'

/** Held-out images that an evaluation asks about. */
const IMAGES = 256

/** Noise levels σ/α at which it asks, as far as the process reaches. */
const LEVELS = [0.1, 0.3, 1, 3, 10]

/** What an evaluation calls the share of images named right at a noise level. */
export const accuracyAt = (level: number | string): string => `accuracyAt${level}`

/** The shares of held-out images that a classifier names right, by noise level. */
export function accuracies({ config, model, executor }: EvaluationSetup, { signal }: Context): Evaluations {
  let classifier: LoadedScore | undefined
  let batch: LabelledImages | undefined
  const { process } = model
  const [most, least] = [process.cutOffs.train, process.interval[1]].map((t) => logSnr(process, t))
  const levels = LEVELS.filter((level) => -2 * Math.log(level) < most! && -2 * Math.log(level) > least!)
  return {
    latest: () => undefined,
    async run({ ema }) {
      await classifier?.refresh()
      classifier ??= loadScore(model, ema, executor)
      batch ??= await heldOut(config.data, config.range ?? [0, 1])
      const labels = await batch.condition.data()
      const found: Record<string, number> = {}
      for (const [i, level] of levels.entries()) {
        signal?.throwIfAborted()
        const time = timeOfLogSnr(process, -2 * Math.log(level))
        const { alpha, sigma } = process.marginal(time)
        const { x } = batch
        const noisy = tidy(() => add(mul(x, alpha), mul(normal(foldIn(key(2), i), x.shape), sigma)))
        const t = tidy(() => mul(ones([x.shape[0]!]), time))
        const logits = await classifier.score(noisy, t)
        const named = argMax(logits, 1)
        const right = (await named.data()).filter((name, row) => name === labels[row])
        found[accuracyAt(level)] = right.length / labels.length
        dispose([noisy, t, logits, named])
      }
      return found
    },
    async dispose() {
      dispose(batch)
      await classifier?.dispose()
    },
  }
}

/** The first images of the test part in an order of their own, and their labels. */
async function heldOut(data: string, range: readonly [number, number]): Promise<LabelledImages> {
  const dataset = await openDataset(data, 'test')
  const size = Math.min(IMAGES, dataset.length)
  return dataset.batches({ size, key: key(1), range, dropLabels: 0 })(0) as Promise<LabelledImages>
}

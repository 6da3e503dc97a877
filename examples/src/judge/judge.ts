import type { ImageSet } from '@sgm/data'
import { images } from '@sgm/data'
import { frechetDistance } from '@sgm/metrics'
import { key, type NamedTensors, scoped, type Tensor } from '@sgm/tensor'
import { type Opinion, trainClassifier } from './classifier'

/** What a classifier of real images says of some images. */
export interface Judgement {
  readonly name: string
  readonly count: number
  /** Share of each class 0 … 9. */
  readonly classes: readonly number[]
  /** Mean of the largest chance. */
  readonly confidence: number
  /** Fréchet distance to the test images, in the classifier's features; absent for those themselves. */
  readonly distance?: number
}

/** The judgements, and how far to trust them. */
export interface Verdict {
  /** Share of test images that the classifier gets right. */
  readonly accuracy: number
  readonly judgements: readonly Judgement[]
}

/** Options of {@link judge}. */
export interface JudgeOptions {
  readonly train: ImageSet
  readonly test: ImageSet
  /** Samples by name, each `[n, 28, 28, 1]` in [0, 1]. */
  readonly samples: NamedTensors
  /** Of the classifier's training. @default 2500 */
  readonly steps?: number
  readonly progress?: (done: number, total: number) => void
}

/** Judges samples beside real images by a classifier trained on the real training images. */
export async function judge({
  train,
  test,
  samples,
  steps = 2500,
  progress,
}: JudgeOptions): Promise<Verdict> {
  const count = Math.max(...Object.values(samples).map(({ shape }) => shape[0]!))
  const classify = await trainClassifier(train, { steps, key: key(0), ...(progress && { progress }) })
  return scoped(async (own) => {
    const some = Int32Array.from({ length: Math.min(count, train.length) }, (_, i) => i)
    const real = own(await classify(own(await images(test))))
    const opinions: [string, Opinion][] = [
      ['test images', real],
      ['training images', own(await classify(own(await images(train, some))))],
    ]
    for (const [name, x] of Object.entries(samples)) opinions.push([name, own(await classify(x))])
    const judgements: Judgement[] = []
    for (const [name, opinion] of opinions) {
      const distance = opinion === real ? undefined : await frechetDistance(opinion.features, real.features)
      judgements.push({ name, ...(await summary(opinion)), ...(distance !== undefined && { distance }) })
    }
    return { accuracy: await accuracyOf(real, test.labels!), judgements }
  })
}

async function summary({
  probabilities,
}: Opinion): Promise<Pick<Judgement, 'count' | 'classes' | 'confidence'>> {
  const best = await largest(probabilities)
  const count = best.length
  const classes = Array.from(
    { length: probabilities.shape[1]! },
    (_, label) => best.filter((guess) => guess.label === label).length / count,
  )
  return { count, classes, confidence: best.reduce((sum, { chance }) => sum + chance, 0) / count }
}

async function accuracyOf({ probabilities }: Opinion, labels: ArrayLike<number>): Promise<number> {
  const best = await largest(probabilities)
  return best.filter(({ label }, i) => label === labels[i]).length / best.length
}

async function largest(probabilities: Tensor): Promise<{ label: number; chance: number }[]> {
  const [rows, classes] = probabilities.shape as [number, number]
  const values = await probabilities.data()
  return Array.from({ length: rows }, (_, row) => {
    const chances = values.subarray(row * classes, (row + 1) * classes)
    const chance = Math.max(...chances)
    return { label: chances.indexOf(chance), chance }
  })
}

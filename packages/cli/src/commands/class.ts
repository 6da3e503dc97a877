import { join } from 'node:path'
import { expected, tensor } from '@sgm/tensor'
import type { RunConfig } from '../config'
import type { Context } from '../context'
import { counted } from '../counted'
import type { Speed } from '../engine'
import { loadGuidedScore, loadScoreGuidedBy } from '../model'
import { writeNpy } from '../npy'
import { type OpenRun, type TrainedRun, withRun, withTrained } from '../run'
import { drawSamples, type Sampling } from '../sampling'
import { count, number } from '../settings/kinds'
import { checkOptions, flagOf, type SettingsOf } from '../settings/setting'
import { numbers, path, run, samplerNumbers, sampling, speed } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runClass}. */
export interface RunClassOptions extends Sampling, Speed {
  /** The run's folder. */
  readonly run: string
  /** Names of classes, or their numbers, with commas between. @default all */
  readonly label?: string
  /** The folder of a classifier, trained by `net: 'classifier'`, to guide by. @default none: guidance without a classifier */
  readonly classifier?: string
  /** How strongly samples are pulled towards their class: 0 not at all, 1 as trained, more sharpens. @default 2 */
  readonly guidance?: number
  /** Samples of each class. @default 8 */
  readonly n?: number
  /** A PNG with a row for each class, its name before it. @default `class.png` in the run's folder */
  readonly out?: string
  /** A `.npy` of the samples class by class, in [0, 1]. @default none */
  readonly npy?: string
}

/** What {@link runClass} drew. */
export interface RunClassResult {
  /** The classes, in the rows of the picture. */
  readonly labels: readonly string[]
  /** Samples of each class. */
  readonly n: number
  readonly step: number
  readonly evaluations: number
  readonly file: string
}

/**
 * Draws samples of chosen classes: from a run that was trained with labels by classifier-free guidance, from any run by that of a
 * classifier of noisy images.
 *
 * @throws RangeError when the run knows no classes or not these, or the classifier is one of other data or of another process.
 * @example
 * const { file } = await runClass({ run: 'run', label: '3,7', guidance: 2 })
 */
export async function runClass(options: RunClassOptions, context: Context = {}): Promise<RunClassResult> {
  checkOptions(settings, options, context)
  const { run: folder, classifier, device, threads, eager, ...drawing } = options
  return withRun(folder, { device, threads, eager }, context, (open) =>
    classifier === undefined
      ? drawClasses(folder, open, undefined, drawing, context)
      : withTrained(classifier, 'classifier', context, (guide) => {
          checkGuide(classifier, guide.config, open.config)
          return drawClasses(folder, open, guide, drawing, context)
        }),
  )
}

/** Samples of the classes, guided by a classifier where there is one. */
async function drawClasses(
  folder: string,
  open: OpenRun,
  guide: TrainedRun | undefined,
  {
    label,
    guidance = 2,
    n = 8,
    out = join(folder, 'class.png'),
    npy,
    ...sampling
  }: Omit<RunClassOptions, 'run' | 'classifier' | keyof Speed>,
  context: Context,
): Promise<RunClassResult> {
  const { config, model, step, executor } = open
  const { classes } = (guide ?? open).config
  const { range } = config
  if (classes.length === 0 || !range) {
    throw expected('sgm', 'a run trained with --labels, or --classifier', `${folder} without`)
  }
  const chosen =
    label === undefined ? classes.map((_, i) => i) : label.split(',').map((name) => numberOf(name, classes))
  const guided = guide
    ? loadScoreGuidedBy(guide, open, executor, guidance)
    : loadGuidedScore(model, open.weights, executor, guidance)
  const held: { dispose(): void }[] = []
  try {
    const score = (start: number, count: number) => {
      const rows = Array.from({ length: count }, (_, i) => chosen[Math.floor((start + i) / n)]!)
      const labels = tensor(rows, [count], 'int32')
      held.push(labels)
      return guided.score(labels)
    }
    const drawing = { ...sampling, count: n * chosen.length, score }
    const { x, evaluations } = await drawSamples(config, model, drawing, context)
    held.push(x)
    const labels = chosen.map((i) => classes[i]!)
    const { writeLabelledRows } = await import('../figures')
    await writeLabelledRows(out, x, labels, range)
    if (npy !== undefined) await writeNpy(npy, x, range)
    return { labels, n, step, evaluations, file: out }
  } finally {
    for (const x of held) x.dispose()
    await guided.dispose()
  }
}

/** What a classifier and a score must agree in. @throws RangeError that names the first that differs. */
function checkGuide(folder: string, guide: RunConfig, run: RunConfig): void {
  const told = ({ sde, numbers, shape, range, classes }: RunConfig) => ({
    shape: `images of ${shape.join('×')}`,
    range: `pixels in [${range?.join(', ')}]`,
    process: [`--sde ${sde}`, ...Object.entries(numbers).map(([name, n]) => `${flagOf(name)} ${n}`)].join(
      ' ',
    ),
    ...(run.classes.length > 0 && { classes: `classes ${classes.join(', ')}` }),
  })
  const [wanted, got] = [told(run), told(guide)].map(Object.values)
  const i = wanted!.findIndex((value, at) => value !== got![at])
  if (i >= 0) throw expected('sgm', `a classifier of ${wanted![i]} as the run is`, `${folder} of ${got![i]}`)
}

function numberOf(name: string, classes: readonly string[]): number {
  const named = classes.indexOf(name.trim())
  const index = named >= 0 ? named : /^\d+$/.test(name.trim()) ? Number(name) : -1
  if (index < 0 || index >= classes.length) throw expected('sgm', `--label of ${classes.join(', ')}`, name)
  return index
}

const settings: SettingsOf<RunClassOptions> = {
  run,
  classifier: path('guide by this run of --net classifier (none: classifier-free)', 'folder'),
  label: path('classes by name or number, with commas between (all)', 'names'),
  guidance: { help: '0 unconditional, 1 as trained, more sharpens (2)', kind: number(), value: 'w' },
  n: { help: 'samples of each class (8)', kind: count, short: '-n' },
  out: path('PNG, a row a class (class.png in the run)'),
  npy: path('array of the samples for NumPy, in [0, 1]'),
  ...sampling,
  numbers,
  ...speed,
}

/** `sgm class` */
export const declareClass = onRun({
  name: 'class',
  summary: 'draw samples of chosen classes',
  argument: "the run's folder, trained with --labels unless there is a classifier",
  settings,
  numbers: samplerNumbers,
  run: runClass,
  text: ({ labels, n, step, evaluations, file }: RunClassResult) =>
    `${counted(n, 'sample')} each of ${labels.join(', ')} by the weights at step ${step}, ${evaluations} evaluations each\n${file}`,
})

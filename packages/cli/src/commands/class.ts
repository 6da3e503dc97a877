import { join } from 'node:path'
import { expected, tensor } from '@sgm/tensor'
import type { Context } from '../context'
import { counted } from '../counted'
import type { Speed } from '../engine'
import { loadGuidedScore } from '../model'
import { encodeNpy } from '../npy'
import { writeLabelledRows } from '../pictures'
import { withRun } from '../run'
import { writeOutput } from '../run-folder'
import { drawSamples, type Sampling } from '../sampling'
import { count, number } from '../settings/kinds'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { numbers, path, run, samplerNumbers, sampling, speed } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runClass}. */
export interface RunClassOptions extends Sampling, Speed {
  /** The run's folder. */
  readonly run: string
  /** Names of classes, or their numbers, with commas between. @default all */
  readonly label?: string
  /** How strongly samples are pulled towards their class: 0 not at all, 1 as trained, more sharpens. @default 2 */
  readonly guidance?: number
  /** Samples of each class. @default 8 */
  readonly n?: number
  /** A PNG with a row for each class, its name before it. @default `class.png` in the run's folder */
  readonly grid?: string
  /** A `.npy` of the samples class by class, in the range that the network was trained in. @default none */
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
 * Draws samples of chosen classes from a run that was trained with labels, by classifier-free guidance.
 *
 * @throws RangeError when the run knows no classes or not these.
 * @example
 * const { file } = await runClass({ run: 'run', label: '3,7', guidance: 2 })
 */
export async function runClass(options: RunClassOptions, context: Context = {}): Promise<RunClassResult> {
  checkOptions(settings, options)
  const { run: folder, label, guidance = 2, n = 8, grid, npy, device, threads, eager, ...sampling } = options
  return withRun(
    folder,
    { device, threads, eager },
    context,
    async ({ config, model, step, weights, executor }) => {
      const { classes, range } = config
      if (classes.length === 0 || !range) {
        throw expected('sgm', 'a run trained with --labels', `${folder} without`)
      }
      const chosen =
        label === undefined
          ? classes.map((_, i) => i)
          : label.split(',').map((name) => numberOf(name, classes))
      const guided = loadGuidedScore(model, weights, executor, guidance)
      const held: { dispose(): void }[] = []
      try {
        const score = (start: number, count: number) => {
          const labels = tensor(
            Array.from({ length: count }, (_, i) => chosen[Math.floor((start + i) / n)]!),
            [count],
            'int32',
          )
          held.push(labels)
          return guided.score(labels)
        }
        const { x, evaluations } = await drawSamples(
          config,
          model,
          { ...sampling, count: n * chosen.length, score },
          context,
        )
        held.push(x)
        const file = grid ?? join(folder, 'class.png')
        const labels = chosen.map((i) => classes[i]!)
        await writeLabelledRows(file, x, labels, range)
        if (npy !== undefined) await writeOutput(npy, encodeNpy((await x.data()) as Float32Array, x.shape))
        return { labels, n, step, evaluations, file }
      } finally {
        for (const x of held) x.dispose()
        await guided.dispose()
      }
    },
  )
}

function numberOf(name: string, classes: readonly string[]): number {
  const named = classes.indexOf(name.trim())
  const index = named >= 0 ? named : /^\d+$/.test(name.trim()) ? Number(name) : -1
  if (index < 0 || index >= classes.length) throw expected('sgm', `--label of ${classes.join(', ')}`, name)
  return index
}

const settings: SettingsOf<RunClassOptions> = {
  run,
  label: path('classes by name or number, with commas between (all)', 'names'),
  guidance: { help: '0 unconditional, 1 as trained, more sharpens (2)', kind: number(), value: 'w' },
  n: { help: 'samples of each class (8)', kind: count, short: '-n' },
  grid: path('PNG, a row a class (class.png in the run)'),
  npy: path('array of the samples for NumPy'),
  ...sampling,
  numbers,
  ...speed,
}

/** `sgm class` */
export const declareClass = onRun({
  name: 'class',
  summary: 'draw samples of chosen classes',
  argument: "the run's folder, trained with --labels",
  settings,
  numbers: samplerNumbers,
  run: runClass,
  text: ({ labels, n, step, evaluations, file }: RunClassResult) =>
    `${counted(n, 'sample')} each of ${labels.join(', ')} by the weights at step ${step}, ${evaluations} evaluations each\n${file}`,
})

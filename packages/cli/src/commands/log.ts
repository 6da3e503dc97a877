import { join } from 'node:path'
import { expected } from '@sgm/tensor/check'
import plot from 'simple-ascii-chart'
import type { Context } from '../context'
import type { LoggedCurve } from '../figures'
import { type LogLine, linesOf } from '../files/log-lines'
import { readIfThere } from '../files/read-if-there'
import { knownConfig, runFiles } from '../run-folder'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { path, run } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runLog}. */
export interface RunLogOptions {
  /** The run's folder. */
  readonly run: string
  /** Numbers of the log, with commas between. @default the loss and what evaluations found */
  readonly of?: string
  /** @default `log.svg` in the run's folder */
  readonly svg?: string
}

/** What {@link runLog} found. */
export interface RunLogResult {
  readonly curves: readonly LoggedCurve[]
  readonly file: string
}

/**
 * Draws the curves of a run's log as an SVG.
 *
 * @throws RangeError when there is no run in the folder, or its log holds no such number.
 * @example
 * const { curves, file } = await runLog({ run: 'run', of: 'loss' })
 */
export async function runLog(options: RunLogOptions, context: Context = {}): Promise<RunLogResult> {
  checkOptions(settings, options, context)
  const { run: folder, of, svg } = options
  await knownConfig(folder)
  const bytes = await readIfThere(runFiles(folder).log)
  const all = curvesOf(linesOf(runFiles(folder).log, bytes))
  if (all.length === 0) throw expected('sgm', `lines in ${runFiles(folder).log}`, 'none yet')
  const curves = of === undefined ? all.filter(isUsual) : of.split(',').map((name) => named(name.trim(), all))
  const file = svg ?? join(folder, 'log.svg')
  const { writeCurves } = await import('../figures')
  await writeCurves(file, curves)
  return { curves, file }
}

/** What of a log is drawn unless something is asked for. */
const isUsual = ({ name }: LoggedCurve): boolean =>
  name === 'loss' || (name.startsWith('evaluation/') && name !== 'evaluation/standardError')

/** The numbers of a log's lines by name; those of objects as `evaluation/nats`. */
function curvesOf(lines: readonly LogLine[]): readonly LoggedCurve[] {
  const curves = new Map<string, { steps: number[]; values: number[] }>()
  for (const { step, ...rest } of lines) {
    for (const [name, value] of numbersIn(rest)) {
      const curve = curves.get(name) ?? { steps: [], values: [] }
      curve.steps.push(step)
      curve.values.push(value)
      curves.set(name, curve)
    }
  }
  return [...curves].map(([name, curve]) => ({ name, ...curve }))
}

function numbersIn(values: object, prefix = ''): (readonly [string, number])[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (typeof value === 'number') return [[`${prefix}${name}`, value] as const]
    return typeof value === 'object' && value !== null ? numbersIn(value, `${prefix}${name}/`) : []
  })
}

function named(name: string, all: readonly LoggedCurve[]): LoggedCurve {
  const found = all.find((curve) => curve.name === name)
  if (!found) throw expected('sgm', `--of ${all.map(({ name }) => name).join(', ')}`, name)
  return found
}

/** Columns and rows of a curve in a terminal. */
const [WIDTH, HEIGHT] = [72, 12]

/** A curve in letters; where there are more values than columns, the means of those that share one. */
function inLetters({ name, steps, values }: LoggedCurve): string {
  const share = Math.ceil(values.length / WIDTH)
  const points = Array.from({ length: Math.ceil(values.length / share) }, (_, i): [number, number] => {
    const some = values.slice(i * share, (i + 1) * share)
    return [steps[i * share]!, some.reduce((a, b) => a + b, 0) / some.length]
  })
  const last = `${name}: ${values.at(-1)!.toPrecision(4)} at step ${steps.at(-1)}`
  if (points.length < 2) return last
  const quarters = [0, 1, 2, 3, 4].map((i) => points[Math.round((i * (points.length - 1)) / 4)]![0])
  return `${last}\n${plot(points, { width: WIDTH, height: HEIGHT, customXAxisTicks: [...new Set(quarters)] })}`
}

const settings: SettingsOf<RunLogOptions> = {
  run,
  of: path('numbers of the log, with commas between (loss and evaluations)', 'names'),
  svg: path('picture of the curves (log.svg in the run)'),
}

/** `sgm log` */
export const declareLog = onRun({
  name: 'log',
  summary: 'draw the curves of training',
  settings,
  run: runLog,
  text: ({ curves, file }: RunLogResult) => [...curves.map(inLetters), file].join('\n'),
})

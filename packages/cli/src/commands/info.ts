import { stat } from 'node:fs/promises'
import { dispose } from '@sgm/tensor'
import type { RunConfig } from '../config'
import { linesOf } from '../files/log-lines'
import { readIfThere } from '../files/read-if-there'
import { knownConfig, readWeights, runFiles } from '../run-folder'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { run as folder } from '../settings/shared'
import type { Declare } from './command'
import { describeMachine, machineInfo } from './machine'

/** Options of {@link runInfo}. */
export interface RunInfoOptions {
  /** The run's folder. */
  readonly run: string
}

/** What {@link runInfo} finds. */
export interface RunInfoResult {
  readonly config: RunConfig
  /** Steps at the last checkpoint; 0 where there is none. */
  readonly step: number
  /** Numbers that the network learns. */
  readonly parameters: number
  readonly checkpointBytes: number
  /** The last line of the log. */
  readonly last?: Readonly<Record<string, unknown>>
}

/**
 * Tells what a run is and how far it has come.
 *
 * @throws RangeError when there is no run in the folder.
 * @example
 * const { config, step } = await runInfo({ run: 'run' })
 */
export async function runInfo(options: RunInfoOptions): Promise<RunInfoResult> {
  checkOptions(settings, options)
  const { run } = options
  const config = await knownConfig(run)
  const files = runFiles(run)
  const log = await readIfThere(files.log)
  const last = linesOf(files.log, log).at(-1)
  const saved = await stat(files.checkpoint).catch(() => undefined)
  if (!saved) return { config, step: 0, parameters: 0, checkpointBytes: 0, ...(last && { last }) }
  const { step, parameters, ema } = await readWeights(run)
  const learned = Object.values(parameters).reduce((all, { size }) => all + size, 0)
  dispose([parameters, ema])
  return { config, step, parameters: learned, checkpointBytes: saved.size, ...(last && { last }) }
}

const settings: SettingsOf<RunInfoOptions> = { run: folder }

/** `sgm info` */
export const declareInfo: Declare = (program, perform) => {
  program
    .command('info')
    .argument('[run]', "the run's folder; without one: this machine, its versions and engines")
    .summary('what a run, or this machine, is')
    .action((run?: string) =>
      run === undefined
        ? perform(() => machineInfo(), describeMachine)
        : perform(() => runInfo({ run }), describeInfo),
    )
}

function describeInfo({ config, step, parameters, checkpointBytes, last }: RunInfoResult): string {
  const { format: _, versions, shape, classes, range, numbers, ...rest } = config
  const rows: [string, unknown][] = [
    ['step', `${step} of ${config.steps}`],
    ['parameters', parameters.toLocaleString('en')],
    ['checkpoint', `${(checkpointBytes / 1e6).toFixed(1)} MB`],
    ...(last ? ([['last line of the log', JSON.stringify(last)]] as [string, unknown][]) : []),
    ['shape', shape.join('×')],
    ...(range ? ([['pixels', `[${range.join(', ')}]`]] as [string, unknown][]) : []),
    ...(classes.length > 0 ? ([['classes', classes.join(' ')]] as [string, unknown][]) : []),
    ...Object.entries({ ...rest, ...numbers }),
    [
      'made with',
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
  ]
  return rows.map(([name, value]) => `${name.padEnd(22)}${value}`).join('\n')
}

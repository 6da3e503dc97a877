import { expected } from '@sgm/tensor'
import { networkChoice } from './choices/networks'
import { prediction } from './choices/predictions'
import { type ProcessNumbers, processChoice } from './choices/processes'
import { type Dataset, isDrawn } from './dataset'

/** What decides every bit of a training run. */
export interface RunIdentity extends ProcessNumbers {
  /** A density's name, `glyphs[:SIZE][:colour]`, or an absolute path. */
  readonly data: string
  readonly sde: string
  readonly net: string
  /** What the network's output stands for. */
  readonly predict: string
  /** Channels of the first level, or of the hidden layers. */
  readonly width: number
  /** Residual blocks a level, or hidden layers; 0 where the number is fixed. */
  readonly blocks: number
  /** `balanced` or `likelihood`. */
  readonly weighting: string
  readonly batch: number
  readonly rate: number
  /** Steps over which the rate rises. */
  readonly warmUp: number
  /** Largest norm of the gradient; 0 for none. */
  readonly clip: number
  /** Decay of the moving average of the weights. */
  readonly ema: number
  readonly seed: number
  /** Whether the network is told the classes. */
  readonly labels: boolean
  /** Share of labels that are dropped in training. */
  readonly dropLabels: number
  readonly flip: boolean
  readonly dequantize: boolean
}

/** What may change when a run goes on. */
export interface RunLength {
  readonly steps: number
  /** Steps between two checkpoints. */
  readonly saveEvery: number
  /** Steps between two evaluations; 0 for none. */
  readonly evalEvery: number
  /** Steps between two lines of the log. */
  readonly logEvery: number
}

/** What `config.json` in a run's folder holds. */
export interface RunConfig extends RunIdentity, RunLength {
  readonly format: 'sgm-run-1'
  /** Shape of a datum. */
  readonly shape: readonly number[]
  /** Names of the classes; empty where there are none. */
  readonly classes: readonly string[]
  /** What pixels 0 … 255 became; null for points. */
  readonly range: readonly [number, number] | null
  readonly versions: Readonly<Record<string, string>>
}

/** The format of `config.json`. */
export const FORMAT: RunConfig['format'] = 'sgm-run-1'

/** What a user may say of a run; the rest follows from the published settings. */
export type RunChoices = Partial<RunIdentity & RunLength>

const changeable: ReadonlySet<string> = new Set<keyof RunLength>([
  'steps',
  'saveEvery',
  'evalEvery',
  'logEvery',
])

/**
 * A new run's configuration: the user's choices, and what the network and the process were published with.
 *
 * @throws RangeError when a choice is none of its kind, or does not fit the data.
 */
export function newConfig(
  choices: RunChoices & { readonly data: string },
  dataset: Dataset,
  versions: Readonly<Record<string, string>>,
): RunConfig {
  const images = dataset.shape.length === 3
  const given = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined))
  const net = choices.net ?? (images ? 'tutorial' : 'mlp')
  const network = networkChoice(net)
  const sde = choices.sde ?? network.sde
  const process = processChoice(sde)
  for (const name of ['sigma', 'sigmaMin', 'sigmaMax', 'betaMin', 'betaMax'] as const) {
    if (choices[name] !== undefined && !(name in process.numbers)) {
      throw expected(
        'sgm',
        `${Object.keys(process.numbers).map(flag).join(' or ')} with --sde ${sde}`,
        flag(name),
      )
    }
  }
  if (choices.blocks !== undefined && network.blocks === 0) {
    throw expected('sgm', `no --blocks with --net ${net}`, choices.blocks)
  }
  const labels = choices.labels ?? false
  if (labels && !dataset.classes) throw expected('sgm', 'data with labels for --labels', choices.data)
  if (choices.dropLabels !== undefined && !labels)
    throw expected('sgm', '--labels with --drop-labels', 'none')
  const steps = choices.steps ?? network.steps
  const config: RunConfig = {
    format: FORMAT,
    data: choices.data,
    sde,
    net,
    predict: network.predict,
    ...process.numbers,
    width: network.width,
    blocks: network.blocks,
    weighting: 'balanced',
    batch: network.batch,
    rate: network.rate,
    warmUp: network.warmUp,
    clip: 1,
    ema: process.ema,
    seed: 0,
    labels,
    dropLabels: labels ? 0.1 : 0,
    flip: false,
    dequantize: images,
    steps,
    saveEvery: Math.min(1000, Math.max(1, Math.ceil(steps / 10))),
    evalEvery: Math.max(1, Math.ceil(steps / 10)),
    logEvery: Math.max(1, Math.min(50, Math.ceil(steps / 100))),
    ...given,
    shape: dataset.shape,
    classes: labels ? dataset.classes! : [],
    range: images ? process.range : null,
    versions,
  }
  prediction(config.predict)
  if (config.weighting !== 'balanced' && config.weighting !== 'likelihood') {
    throw expected('sgm', '--weighting balanced|likelihood', config.weighting)
  }
  if (!images && (config.flip || choices.dequantize)) {
    throw expected('sgm', 'images for --flip and --dequantize', choices.data)
  }
  return config
}

/**
 * The configuration of a run that goes on: the one it was begun with, but for its length.
 *
 * @throws RangeError that names the first choice that differs.
 */
export function continuedConfig(folder: string, stored: RunConfig, choices: RunChoices): RunConfig {
  const given = Object.entries(choices).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) {
    const before = stored[name as keyof RunConfig] as unknown
    if (!changeable.has(name) && before !== value) {
      throw expected('sgm', `${flag(name)} ${before ?? 'unset'}, with which ${folder} was begun`, value)
    }
  }
  return { ...stored, ...Object.fromEntries(given.filter(([name]) => changeable.has(name))) }
}

/** Where data are read from, as the configuration keeps it. */
export function dataSource(data: string, absolute: (path: string) => string): string {
  return isDrawn(data) ? data : absolute(data)
}

/** The command-line option of a choice. */
function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

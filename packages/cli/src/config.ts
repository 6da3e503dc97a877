import { expected } from '@sgm/tensor/check'
import type { Dataset } from './dataset'
import { isDrawn } from './densities'
import type { RunIdentity, RunLength } from './settings/choices'
import { choose, isClassifier, offered } from './settings/names'
import { identitySettings, lengthSettings } from './settings/run'
import { flagOf } from './settings/setting'

export type { RunIdentity, RunLength } from './settings/choices'

/** What `config.json` in a run's folder holds. */
export interface RunConfig extends RunIdentity, RunLength {
  readonly format: 'sgm-run-2'
  /** Shape of a datum. */
  readonly shape: readonly number[]
  /** Names of the classes; empty where there are none. */
  readonly classes: readonly string[]
  /** What pixels 0 … 255 became; null for points. */
  readonly range: readonly [number, number] | null
  readonly versions: Readonly<Record<string, string>>
}

/** What runs did that were made before these could be chosen. */
export const BEFORE = { augment: 0, dropout: 0 } as const satisfies Partial<RunIdentity>

/** The format of `config.json`. */
export const FORMAT: RunConfig['format'] = 'sgm-run-2'

/** What a user may say of a run; the rest follows from the published settings. */
export interface RunChoices extends Partial<RunIdentity & RunLength> {
  /**
   * What the run is for: `likelihood` trains by a bound of it, that is by the weighting of that name, over all noise levels that
   * likelihoods are found over, on dequantised images. @default good samples
   */
  readonly objective?: 'likelihood'
}

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
  const given = { ...settled(choices), data: choices.data }
  const net = choices.net ?? fitting(dataset.shape)
  const { training, ...network } = choose('net', offered.net, net)
  if (choices.ema !== undefined && choices.emaWidth) {
    throw expected('sgm', '--ema or --ema-width', 'both')
  }
  const sde = choices.sde ?? network.sde
  const process = choose('sde', offered.sde, sde)
  if (choices.blocks !== undefined && network.blocks === 0) {
    throw expected('sgm', `no --blocks with --net ${net}`, choices.blocks)
  }
  const classifies = isClassifier(net)
  const labels = classifies || (choices.labels ?? false)
  if (labels && !dataset.classes) {
    const wanting = classifies ? `--net ${net}` : '--labels'
    throw expected('sgm', `data with labels for ${wanting}`, choices.data)
  }
  if (choices.dropLabels && classifies) {
    throw expected('sgm', `no --drop-labels with --net ${net}`, choices.dropLabels)
  }
  if (choices.dropLabels !== undefined && !labels)
    throw expected('sgm', '--labels with --drop-labels', 'none')
  if (!images && (choices.flip || choices.dequantize || choices.augment)) {
    throw expected('sgm', 'images for --flip, --augment and --dequantize', choices.data)
  }
  const regularizer = (['augment', 'dropout'] as const).find((name) => choices[name])
  if (regularizer && !network.regularizes) {
    const fitting = Object.keys(offered.net).filter((name) => offered.net[name]!.regularizes)
    throw expected('sgm', `--net ${fitting.join('|')} with ${flagOf(regularizer)}`, net)
  }
  const steps = choices.steps ?? training.steps
  const config: RunConfig = {
    format: FORMAT,
    sde,
    net,
    predict: classifies ? network.predict : (process.predict ?? network.predict),
    width: network.width,
    blocks: network.blocks,
    weighting:
      (classifies || sde === network.sde ? network.weighting?.(dataset.shape) : undefined) ??
      process.weighting,
    batch: Math.min(training.batch, dataset.length),
    rate: training.rate,
    warmUp: training.warmUp,
    decayAfter: training.decayAfter ?? 0,
    clip: 1,
    ema: process.ema,
    emaWidth: choices.ema === undefined ? (training.emaWidth ?? 0) : 0,
    seed: 0,
    dropLabels: labels && !classifies ? 0.1 : 0,
    flip: false,
    augment: 0,
    dropout: 0,
    dequantize: images,
    steps,
    saveEvery: Math.min(1000, Math.max(1, Math.ceil(steps / 10))),
    keep: 1,
    evalEvery: Math.max(1, Math.ceil(steps / 10)),
    logEvery: Math.max(1, Math.min(50, Math.ceil(steps / 100))),
    log: 'none',
    ...given,
    labels,
    numbers: { ...defaultsOf(sde), ...known(sde, choices.numbers) },
    shape: dataset.shape,
    classes: labels ? dataset.classes! : [],
    range: images ? process.range : null,
    versions,
  }
  if (config.batch > dataset.length) {
    throw expected('sgm', `--batch of at most ${dataset.length}, the number of data`, config.batch)
  }
  return config
}

/**
 * The configuration of a run that goes on: the one it was begun with, but for its length.
 *
 * @param accept Whether choices that decide bits may differ.
 * @throws RangeError that names the first choice that differs.
 */
export function continuedConfig(
  folder: string,
  stored: RunConfig,
  choices: RunChoices,
  accept = false,
): RunConfig {
  const { numbers = {}, ...given } = settled(choices)
  const sde = given.sde ?? stored.sde
  const merged: RunConfig = {
    ...stored,
    ...given,
    numbers: {
      ...(sde === stored.sde ? stored.numbers : defaultsOf(sde)),
      ...known(sde, numbers),
    },
  }
  if (accept) return merged
  const [first] = differences(stored, merged)
  if (first) {
    throw expected(
      'sgm',
      `${first.option} ${first.before ?? 'unset'}, with which ${folder} was begun (--accept-changes goes on with another)`,
      first.after,
    )
  }
  return merged
}

/** One way in which two configurations differ. */
export interface Difference {
  /** Its option, or its name where it has none. */
  readonly option: string
  readonly before: unknown
  readonly after: unknown
}

/** What decides bits and differs, option by option. */
export function differences(before: Identity, after: Identity): readonly Difference[] {
  const [a, b] = [flat(before), flat(after)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .map((name) => ({ option: optionOf(name), before: a[name], after: b[name] }))
}

/**
 * What differs from the configuration that weights were trained with, in words.
 *
 * @param trainedWith {@link identityOf} it as JSON, as the notes of a checkpoint keep it.
 */
export function changesSince(trainedWith = '{}', config: RunConfig): readonly string[] {
  const found = differences({ ...BEFORE, ...(JSON.parse(trainedWith) as Identity) }, config)
  return found.map(({ option, before, after }) => `${option} ${inWords(after)} for ${inWords(before)}`)
}

const inWords = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)) ?? 'none'

/** What of a configuration decides bits, the length and the versions left out. */
export type Identity = Omit<RunConfig, keyof RunLength | 'versions' | 'format'>

/** {@link Identity} of a configuration, in one order. */
export function identityOf(config: RunConfig): Identity {
  const { format: _, versions: __, ...rest } = config
  const names = Object.keys(rest).filter((name) => !Object.hasOwn(lengthSettings, name))
  return Object.fromEntries(
    names.sort().map((name) => [name, rest[name as keyof typeof rest]]),
  ) as unknown as Identity
}

/** Where data are read from, as the configuration keeps it. */
export function dataSource(data: string, absolute: (path: string) => string): string {
  return isDrawn(data) ? data : absolute(data)
}

/** The first network that takes data of a shape; points are not asked of networks for images. */
function fitting(shape: readonly number[]): string {
  return Object.entries(offered.net).find(([, { fits }]) => fits(shape))![0]
}

function defaultsOf(sde: string): Readonly<Record<string, number>> {
  const { numbers } = choose('sde', offered.sde, sde)
  return Object.fromEntries(Object.entries(numbers).map(([name, { default: value }]) => [name, value]))
}

/** Numbers that the process has. @throws RangeError when it lacks one. */
function known(
  sde: string,
  numbers: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const has = choose('sde', offered.sde, sde).numbers
  const other = Object.keys(numbers).find((name) => !Object.hasOwn(has, name))
  if (other === undefined) return numbers
  throw expected('sgm', `${Object.keys(has).map(flagOf).join(' or ')} with --sde ${sde}`, flagOf(other))
}

/** Choices with what their objective stands for in its place. */
function settled({ objective, ...choices }: RunChoices): Omit<RunChoices, 'objective'> {
  const given = present(choices)
  if (objective === undefined) return given
  const { weighting = objective, dequantize } = given
  if (weighting !== objective) {
    throw expected('sgm', `--weighting ${objective} with --objective ${objective}`, weighting)
  }
  if (dequantize === false)
    throw expected('sgm', `dequantised images for --objective ${objective}`, '--no-dequantize')
  return { ...given, weighting }
}

function present<T extends object>(choices: T): T {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined)) as T
}

function flat(config: Identity): Readonly<Record<string, unknown>> {
  const { numbers, ...rest } = identityOf(config as RunConfig)
  return { ...rest, ...numbers }
}

const optionOf = (name: string): string =>
  Object.hasOwn(identitySettings, name) || !['shape', 'classes', 'range'].includes(name) ? flagOf(name) : name

import { type WeightingPreset, weightingPresets } from '@sgm/losses'
import { type NetworkPreset, networkPresets, type PredictionPreset, predictionPresets } from '@sgm/score'
import { type NumberSettings, type ProcessPreset, processPresets } from '@sgm/sde'
import { expected } from '@sgm/tensor/check'
import { flagOf } from './setting'

type Table<T> = Readonly<Record<string, T>>

/** What is offered by name, each where it is made. */
export const offered: {
  readonly sde: Table<ProcessPreset>
  readonly net: Table<NetworkPreset>
  readonly predict: Table<PredictionPreset>
  readonly weighting: Table<WeightingPreset>
} = {
  sde: processPresets,
  net: networkPresets,
  predict: predictionPresets,
  weighting: weightingPresets,
}

/** Whether a network tells classes, where the others tell scores. */
export function isClassifier(net: string): boolean {
  return choose('predict', offered.predict, choose('net', offered.net, net).predict).tells === 'classes'
}

/** The entry of a table that a user named. */
export function choose<T>(option: string, table: Readonly<Record<string, T>>, name: string): T {
  if (!Object.hasOwn(table, name)) {
    throw expected('sgm', `${flagOf(option)} ${Object.keys(table).join('|')}`, name)
  }
  return table[name]!
}

/** Numbers of several presets by name, each with what it is and its default where it stands. */
export function numbersAmong(
  presets: Readonly<Record<string, { readonly numbers: NumberSettings }>>,
): Readonly<Record<string, string>> {
  const uses = new Map<string, Map<string, string[]>>()
  for (const [preset, { numbers }] of Object.entries(presets)) {
    for (const [name, { summary, default: value }] of Object.entries(numbers)) {
      const summaries = uses.get(name) ?? new Map<string, string[]>()
      uses.set(name, summaries.set(summary, [...(summaries.get(summary) ?? []), `${preset} ${value}`]))
    }
  }
  return Object.fromEntries(
    [...uses].map(([name, summaries]) => [
      name,
      [...summaries].map(([summary, where]) => `${summary} (${where.join(', ')})`).join('; '),
    ]),
  )
}

/**
 * Runs what makes the parts of a run; refusals that name an option of a library name that of the command.
 *
 * @param names Options as the libraries call them, with what the command calls them.
 * @param what What was asked for, such as `--net tutorial`.
 */
export function inOwnWords<T>(
  names: readonly string[] | Readonly<Record<string, string>>,
  what: string,
  make: () => T,
): T {
  const words = Array.isArray(names) ? Object.fromEntries(names.map((name) => [name, flagOf(name)])) : names
  try {
    return make()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const named = new RegExp(`(?<=expected |< )(${Object.keys(words).join('|') || '(?!)'})\\b`, 'g')
    const message = error.message
      .replace(/^[\w.]+: /, 'sgm: ')
      .replaceAll(named, (name) => words[name]!)
      .replace(/, got /, ` with ${what}, got `)
    throw new RangeError(message, { cause: error })
  }
}

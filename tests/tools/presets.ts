import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { main } from '@sgm/cli'
import { weightingPresets } from '@sgm/losses'
import { type SamplerPreset, samplerPresets } from '@sgm/samplers'
import { networkPresets, predictionPresets, type TrainingPreset } from '@sgm/score'
import { type NumberSettings, type ProcessPreset, processPresets, ve } from '@sgm/sde'
import { kebabCase, type Locale } from './kinds.ts'
import { markdown } from './markdown.ts'

/** What is offered by name, as its docs show it. */
export type PresetTable = (locale: Locale, translated: Translated) => string | Promise<string>

/** A text of a preset in the language of the page, as far as it has been translated. */
export type Translated = (text: string) => string

type Words = Readonly<Record<Locale, string>>
type Row<T> = readonly [name: string, preset: T]

/** A table of presets: a row each, a column for each heading. */
function presets<T extends { readonly summary: string }>(
  named: Readonly<Record<string, T>>,
  flag: string,
  columns: readonly (readonly [heading: Words, cell: (row: Row<T>, t: Translated) => string | number])[],
): PresetTable {
  return (locale, translated) =>
    markdown(
      [`\`${flag}\``, summaryHeading[locale], ...columns.map(([heading]) => heading[locale])],
      Object.entries(named).map((row) => [
        code(row[0]),
        translated(row[1].summary),
        ...columns.map(([, cell]) => String(cell(row, translated))),
      ]),
    )
}

const summaryHeading: Words = { en: 'What it is', ko: '설명' }
const code = (text: string | number): string => `\`${text}\``
const flagged = (name: string): Words => ({ en: `\`--${name}\``, ko: `\`--${name}\`` })

/** Numbers with their defaults, as the command takes them. */
const numbers = ({ numbers }: { readonly numbers: NumberSettings }): string =>
  Object.entries(numbers)
    .map(([name, setting]) => code(`--${kebabCase(name)} ${setting.default}`))
    .join(', ') || '–'

const numbersHeading: Words = { en: 'Numbers', ko: '수치' }
const decayAfter = ({ decayAfter }: TrainingPreset) => decayAfter ?? '–'
const emaWidth = ({ emaWidth }: TrainingPreset) => emaWidth ?? '–'
const stepsHeading: Words = { en: 'Steps', ko: '단계 수' }

/** How many steps a sampler takes where nobody says. */
function steps({ numbers, make }: SamplerPreset): string {
  const defaults = Object.fromEntries(
    Object.entries(numbers).map(([name, setting]) => [name, setting.default]),
  )
  const made = make(defaults, { process: ve(), dims: 2, wrap: (sampler) => sampler })
  if (made.steps !== undefined) return 'as the noise levels'
  const { defaults: own, evaluationsPerStep } = made.sampler
  if (evaluationsPerStep === undefined) return 'its own'
  return String(own?.steps ?? 'as the process')
}

/** The options of every command, as its help tells them. */
async function help(): Promise<string> {
  const of = async (...args: string[]): Promise<string> => {
    const stdout = new PassThrough()
    await main([...args, '--help'], { stdout })
    stdout.end()
    return text(stdout)
  }
  const [, commands = ''] = (await of()).split('Commands:\n')
  const names = [...commands.matchAll(/^ {2}(\w+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help')
  const parts = names.map(
    async (name) => `### sgm ${name}\n\n\`\`\`text\n${(await of(name)).trim()}\n\`\`\`\n`,
  )
  return (await Promise.all(parts)).join('\n')
}

/** What `pnpm generate` writes between the marks of that name. */
export const presetTables: Readonly<Record<string, PresetTable>> = {
  networks: presets(networkPresets, '--net', [
    [flagged('sde'), ([, { sde }]) => code(sde)],
    [flagged('predict'), ([, { predict }]) => code(predict)],
    [flagged('width'), ([, { width }]) => width],
    [flagged('blocks'), ([, { blocks }]) => blocks || '–'],
    [flagged('batch'), ([, { training }]) => training.batch],
    [flagged('rate'), ([, { training }]) => training.rate],
    [flagged('warm-up'), ([, { training }]) => training.warmUp],
    [flagged('decay-after'), ([, { training }]) => decayAfter(training)],
    [flagged('ema-width'), ([, { training }]) => emaWidth(training)],
    [flagged('steps'), ([, { training }]) => training.steps],
  ]),
  processes: presets<ProcessPreset>(processPresets, '--sde', [
    [numbersHeading, ([, preset]) => numbers(preset)],
    [{ en: 'Pixels', ko: '픽셀' }, ([, { range }]) => `[${range.join(', ').replace('-', '−')}]`],
    [flagged('ema'), ([, { ema }]) => ema],
    [flagged('weighting'), ([, { weighting }]) => code(weighting)],
    [flagged('predict'), ([, { predict }]) => (predict ? code(predict) : '–')],
    [flagged('sampler'), ([, { sampler }]) => code(sampler)],
    [stepsHeading, ([, preset]) => preset.steps],
  ]),
  predictions: presets(predictionPresets, '--predict', []),
  weightings: presets(weightingPresets, '--weighting', []),
  samplers: presets(samplerPresets, '--sampler', [
    [numbersHeading, ([, preset]) => numbers(preset)],
    [stepsHeading, ([, preset], translated) => translated(steps(preset))],
  ]),
  help,
}

import type { Answer } from './protocol'
import type { Item } from './work'

/** A library, and what it said of each item. */
export interface Contender {
  readonly name: string
  readonly hello?: string
  readonly answers: readonly Answer[]
}

/** A row for each item: times of all, the first one's rate, and what each asked of the device. */
export function table(chosen: readonly Item[], contenders: readonly Contender[], smoke: boolean): string {
  const names = contenders.map(({ name }) => name)
  const [first] = contenders as readonly [Contender]
  const times = smoke ? [] : [...names.map((name) => `${name} ms`), 'TFLOP/s']
  const columns = [
    ...times,
    'submits',
    'reads',
    'KB up',
    'MB held',
    ...names.map((name) => `${name} dispatches`),
  ]
  const rows = chosen.map((item, i) => {
    const answers = contenders.map(({ answers }) => answers[i]!)
    const { time, submits, reads, uploaded, held } = numbers(first.answers[i]!)
    const rate = item.flops === undefined || time === undefined ? undefined : item.flops / time / 1e9
    const timed = smoke ? [] : [...answers.map((one) => digits(numbers(one).time)), digits(rate)]
    const counts = [
      fixed(submits, 1),
      fixed(reads, 1),
      fixed(uploaded && uploaded / 1e3, 1),
      fixed(held && held / 1e6, 1),
      ...answers.map((one) => fixed(numbers(one).dispatches, 0)),
    ]
    return [item.title, ...timed, ...counts]
  })
  const all = [['a call of', ...columns], ['---', ...columns.map(() => '--:')], ...rows]
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Why cells are empty: a line for each reason. */
export function reasons(chosen: readonly Item[], contenders: readonly Contender[]): string[] {
  return contenders.flatMap(({ name, answers }) => {
    const titles = new Map<string, string[]>()
    for (const [i, answer] of answers.entries()) {
      if ('none' in answer) titles.set(answer.none, [...(titles.get(answer.none) ?? []), chosen[i]!.title])
    }
    return [...titles].map(
      ([why, of]) => `– ${name}: ${why} (${of.length === chosen.length ? 'all' : of.join('; ')})`,
    )
  })
}

type Numbers = Exclude<Answer, { readonly none: string }>

const numbers = (answer: Answer): Numbers => ('none' in answer ? {} : answer)

const digits = (value: number | undefined): string => value?.toPrecision(3) ?? '–'

const fixed = (value: number | undefined, places: number): string => value?.toFixed(places) ?? '–'

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { camelCase, type KindName, kinds, type Locale } from './kinds.ts'
import { markdown } from './markdown.ts'

/** An extension as its docs page introduces it. */
export interface Entry {
  readonly name: string
  /** Address of the page, seen from the table. */
  readonly page: string
  readonly title: string
  readonly description: string
  readonly reference: string
  readonly formula?: string
  /** Of a sampler: one of {@link samplerKinds}. */
  readonly kind?: string
}

/** In the order of the table. */
const samplerKinds: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  'Markov chain': { en: 'Markov chain', ko: '마르코프 연쇄' },
  Annealing: { en: 'Annealing', ko: '담금질' },
  SDE: { en: 'Reverse SDE', ko: '역방향 SDE' },
  ODE: { en: 'Probability-flow ODE', ko: '확률 흐름 ODE' },
}

interface Column {
  readonly heading: Readonly<Record<Locale, string>>
  cell(entry: Entry, value: Made, locale: Locale): string
}

/** What calling a factory with no argument gave: a sampler, a process or a loss. */
type Made = Readonly<Record<string, unknown>>

const title = (en: string, ko: string): Column => ({
  heading: { en, ko },
  cell: ({ title, page }) => `[${title}](${page})`,
})
const description: Column = {
  heading: { en: 'What it does', ko: '설명' },
  cell: (entry) => entry.description,
}
const reference: Column = { heading: { en: 'Reference', ko: '참고 문헌' }, cell: (entry) => entry.reference }

const columns: Readonly<Record<KindName, readonly Column[]>> = {
  sampler: [
    title('Sampler', '샘플러'),
    description,
    {
      heading: { en: 'Kind', ko: '종류' },
      cell: ({ name, kind = '' }, _, locale) => {
        const known = samplerKinds[kind]
        if (known) return known[locale]
        const kinds = Object.keys(samplerKinds).join(', ')
        throw new Error(`generate: expected a kind of ${kinds} in samplers/${name}.md, got ${kind}`)
      },
    },
    {
      heading: { en: 'Order', ko: '차수' },
      cell: (_, { order }) => (order === Infinity ? '∞' : String(order)),
    },
    {
      heading: { en: 'Evaluations per step', ko: '단계당 평가 횟수' },
      cell: (_, { evaluationsPerStep }) => String(evaluationsPerStep ?? '–'),
    },
    reference,
  ],
  sde: [
    title('Process', '확산 과정'),
    description,
    { heading: { en: 'Equation', ko: '방정식' }, cell: ({ formula = '–' }) => formula },
    reference,
  ],
  loss: [title('Loss', '손실 함수'), description, reference],
}

/** The Markdown table of all extensions of a kind. Numbers come from the values that the factories return. */
export async function table(
  root: string,
  kind: KindName,
  entries: readonly Entry[],
  locale: Locale,
): Promise<string> {
  const rows = await Promise.all(
    inOrder(entries).map(async (entry) => {
      const made = await make(join(root, kinds[kind].folder, `${entry.name}.ts`), camelCase(entry.name))
      return columns[kind].map(({ cell }) => cell(entry, made, locale))
    }),
  )
  return markdown(
    columns[kind].map((column) => column.heading[locale]),
    rows,
  )
}

function inOrder(entries: readonly Entry[]): Entry[] {
  const rank = ({ kind = '' }: Entry) => Object.keys(samplerKinds).indexOf(kind)
  return entries.toSorted((a, b) => rank(a) - rank(b))
}

async function make(path: string, factory: string): Promise<Made> {
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  const create = module[factory]
  if (typeof create !== 'function')
    throw new Error(`generate: expected ${path} to export a function ${factory}`)
  return create() as Made
}

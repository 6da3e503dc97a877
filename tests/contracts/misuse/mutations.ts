import { isTensor } from '@sgm/tensor/check'
import { spoilt } from './spoilt'
import { few, shown, wrongValues } from './wrong'

/** The way to a value within arguments: the argument's place, then names of options, places of lists, and `()` for what a function gives. */
type Path = readonly (string | number)[]

/** What a function asks for: the names of the objects and what the functions give, by the ways to them. */
export type Asked = ReadonlyMap<string, { readonly names: ReadonlySet<string>; readonly outcome?: unknown }>

/** Arguments of which one, or something in one, is wrong. */
export interface Mutation {
  readonly given: readonly unknown[]
  readonly what: string
  /** Whether to take it is wrong: text for a number, which JavaScript would compare and add. */
  readonly refused: boolean
}

/** Arguments beyond these are for the functions that take more by design. */
const PLACES = 4
/** How far into arguments: `sample(problem)` asks for `problem.process.grid`. */
const DEPTH = 3
/** Names beyond which a few stand for all: the parameters of a network. */
const MANY = 40
const OUTCOME = '()'

/** A good call with each wrong value in each place, in each option, in what options hold, and in what functions among them give. */
export function mutations(good: readonly unknown[], asked: Asked): Mutation[] {
  const found: Mutation[] = []
  const walk = (path: Path, value: unknown): void => {
    for (const wrong of [
      ...(path.length > 2 || path.includes(OUTCOME) ? few : wrongValues),
      ...spoilt(value),
    ]) {
      found.push({
        given: replacedAt(good, path, wrong) as unknown[],
        what: `${path.join('.')}: ${shown(wrong)}`,
        refused: typeof value === 'number' && wrong === String(value) && isAsked(path, asked),
      })
    }
    if (path.length < DEPTH)
      for (const [name, held] of partsOf(path, value, asked)) walk([...path, name], held)
  }
  const places = Math.max(good.length + 1, ...[...asked.keys()].map((path) => Number.parseInt(path, 10) + 1))
  for (let place = 0; place < Math.min(places, PLACES + 1); place++) walk([place], good[place])
  return found
}

/** Whether a function asks for what stands there; its arguments it always does. */
function isAsked(path: Path, asked: Asked): boolean {
  const names = asked.get(path.slice(0, -1).join('.'))?.names
  return path.length === 1 || names?.has(String(path.at(-1))) === true
}

/** What a value holds, by names: of a list the first, of a function the parts of what it gives. */
function partsOf(path: Path, value: unknown, asked: Asked): [string | number, unknown][] {
  if (Array.isArray(value)) return value.length > 0 ? [[0, value[0]]] : []
  const { names, outcome } = asked.get(path.join('.')) ?? {}
  if (typeof value === 'function') return isPlain(outcome) ? [[OUTCOME, outcome]] : []
  if (value !== undefined && !isPlain(value)) return []
  const all = [...new Set([...Object.keys(value ?? {}), ...(names ?? [])])]
  const some = all.length > MANY ? all.slice(0, 2) : all
  return some.map((name) => [name, value?.[name]])
}

/** Arguments, or a part of them, with another value at the end of a way. */
function replacedAt(held: unknown, [first, ...rest]: Path, wrong: unknown): unknown {
  if (first === undefined) return wrong
  if (first === OUTCOME) {
    const original = held as (...given: unknown[]) => unknown
    return (...given: unknown[]) => replacedAt(original(...given), rest, wrong)
  }
  if (Array.isArray(held)) return replaced(held, Number(first), replacedAt(held[Number(first)], rest, wrong))
  const named = (held ?? {}) as Readonly<Record<string, unknown>>
  return { ...named, [first]: replacedAt(named[first], rest, wrong) }
}

/** What a function asks of what it is given, as far as a good call goes. */
export async function askedBy(
  call: (...given: unknown[]) => unknown,
  good: readonly unknown[],
): Promise<Asked> {
  const asked = new Map<string, { names: Set<string>; outcome?: unknown }>()
  for (let place = 0; place < PLACES; place++) {
    const held = good[place] ?? {}
    if (!isPlain(held) && typeof held !== 'function') continue
    try {
      await call(...replaced(good, place, spied(held, [place], asked)))
    } catch {
      // What it asked for until then is what counts.
    }
  }
  return asked
}

/** The same, which notes what is asked of it. */
function spied(
  value: unknown,
  path: Path,
  asked: Map<string, { names: Set<string>; outcome?: unknown }>,
): unknown {
  if (path.length > DEPTH || !(isPlain(value) || typeof value === 'function')) return value
  const at = path.join('.')
  const noted = asked.get(at) ?? { names: new Set() }
  asked.set(at, noted)
  if (typeof value === 'function') {
    return Object.assign((...given: unknown[]) => {
      const outcome = Reflect.apply(value, undefined, given)
      noted.outcome ??= outcome
      return spied(outcome, [...path, OUTCOME], asked)
    }, value)
  }
  return new Proxy(
    { ...value },
    {
      get(target, name, receiver) {
        if (typeof name !== 'string' || PASSED_OVER.has(name)) return Reflect.get(target, name, receiver)
        noted.names.add(name)
        return spied(Reflect.get(target, name, receiver), [...path, name], asked)
      },
    },
  )
}

/** What is asked of any object, by whoever shows or awaits it. */
const PASSED_OVER = new Set([
  'then',
  'constructor',
  'toJSON',
  'toString',
  'valueOf',
  'shape',
  'dtype',
  'data',
  'isDisposed',
  'words',
  'length',
])

/** Whether an object holds options, and nothing that another function may give with more than is asked of it: a key, a process, a grid, moments. */
export function isOptions(value: unknown): boolean {
  return isPlain(value) && !WIDER.some((name) => name in value)
}

const WIDER = [
  'drift',
  'apply',
  'toScore',
  'bytes',
  'score',
  'step',
  'mean',
  'ratio',
  'operator',
  's',
  'points',
  'summary',
  'layout',
]

/** What only functions of the library make, of parts of their own: keys, marks and figures. */
const isOpaque = (value: object): boolean =>
  'words' in value || 'layout' in value || ('draw' in value && !('evaluate' in value))

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !isTensor(value) &&
    !isOpaque(value)
  )
}

/** Arguments with another in one place. */
export function replaced(given: readonly unknown[], place: number, value: unknown): unknown[] {
  const changed = [...given]
  while (changed.length < place) changed.push(undefined)
  changed[place] = value
  return changed
}

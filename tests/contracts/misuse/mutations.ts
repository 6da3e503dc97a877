import { spoilt } from './spoilt'
import { shown, wrongValues } from './wrong'

/** Arguments of which one, or one option, is wrong. */
export interface Mutation {
  readonly given: readonly unknown[]
  readonly what: string
  /** Whether to take it is wrong: text for a number, which JavaScript would compare and add. */
  readonly refused: boolean
}

/** Arguments beyond these are for the functions that take more by design. */
const PLACES = 4

/** A good call with each wrong value in each place, and in each option that the function asks for. */
export function mutations(
  good: readonly unknown[],
  options: ReadonlyMap<number, ReadonlySet<string>>,
  near: (good: unknown) => readonly unknown[] = spoilt,
): Mutation[] {
  const found: Mutation[] = []
  const places = Math.max(good.length + 1, ...[...options.keys()].map((place) => place + 1))
  for (let place = 0; place < Math.min(places, PLACES + 1); place++) {
    const value = good[place]
    for (const wrong of [...wrongValues, ...near(value)])
      found.push({
        given: replaced(good, place, wrong),
        what: `${shown(wrong)} in place ${place}`,
        refused: isTextOf(value, wrong),
      })
    const held = isPlain(value) ? value : {}
    for (const name of options.get(place) ?? []) {
      for (const wrong of [...wrongValues, ...near(held[name])]) {
        const given = replaced(good, place, { ...held, [name]: wrong })
        const refused = isTextOf(held[name], wrong)
        found.push({ given, what: `${name}: ${shown(wrong)} in place ${place}`, refused })
      }
    }
  }
  return found
}

const isTextOf = (good: unknown, wrong: unknown): boolean =>
  typeof good === 'number' && wrong === String(good)

/** The names that a function asks of the plain objects it is given, by their places. */
export async function optionNames(
  call: (...given: unknown[]) => unknown,
  good: readonly unknown[],
): Promise<Map<number, Set<string>>> {
  const found = new Map<number, Set<string>>()
  for (let place = 0; place < PLACES; place++) {
    const held = good[place] ?? {}
    if (!isPlain(held)) continue
    const names = new Set(Object.keys(held))
    const spy = new Proxy(held, {
      get(target, name, receiver) {
        if (typeof name === 'string' && !PASSED_OVER.has(name)) names.add(name)
        return Reflect.get(target, name, receiver)
      },
    })
    try {
      await call(...replaced(good, place, spy))
    } catch {
      // What it asked for until then is what counts.
    }
    if (names.size > 0 && names.size < 40) found.set(place, names)
  }
  return found
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
  'name',
])

/** Whether an object holds options, and nothing that another function may give with more than is asked of it: a key, a process, a grid, moments. */
export function isOptions(value: unknown): boolean {
  return isPlain(value) && !WIDER.some((name) => name in value)
}

const WIDER = [
  'words',
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

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Arguments with another in one place. */
export function replaced(given: readonly unknown[], place: number, value: unknown): unknown[] {
  const changed = [...given]
  while (changed.length < place) changed.push(undefined)
  changed[place] = value
  return changed
}

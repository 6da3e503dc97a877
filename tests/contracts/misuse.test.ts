import { dispose, fromNowOn, memory, tensorsIn } from '@sgm/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callsOf, lent } from './misuse/calls'
import { heirs, outside, takesWider, uncalled } from './misuse/exceptions'
import { isOptions, type Mutation, mutations, optionNames, replaced } from './misuse/mutations'
import { type Callable, type Exported, surface } from './misuse/surface'
import { shown, wrongValues } from './misuse/wrong'

/** The words of what lies underneath: of JavaScript, tfjs and Node. */
const INNER =
  /Cannot |is not a function|is not iterable|undefined is not|Invalid (array|typed)|Argument '|Maximum call|must be of type/

/** What is wrong with how a function answers a call; undefined where it works or says what it expected. */
async function fault(name: string, call: Callable, { given, what }: Mutation): Promise<string | undefined> {
  const before = memory().tensors
  const isNew = fromNowOn()
  let wrong: string | undefined
  try {
    const result = await call(...given)
    await finished(result)
    dispose(tensorsIn(result).filter(isNew))
  } catch (error) {
    if (!isNamed(name, error)) wrong = `throws ${String(error)}`
  }
  const left = memory().tensors - before
  if (left !== 0) wrong = `leaves ${left} tensors`
  if (lent.some((x) => 'isDisposed' in x && x.isDisposed)) wrong = "frees the caller's tensors"
  return wrong && `${what}: ${wrong.slice(0, 200)}`
}

/** An error that begins with the function's name, or with the name of what it was given or hands its arguments to. */
function isNamed(name: string, error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { message } = error
  const [, who] = /^([A-Za-z0-9]+)(?::| of )/.exec(message) ?? []
  if (who === undefined || INNER.test(message)) return false
  const kind = error instanceof RangeError || error instanceof TypeError
  return [name, ...(heirs[name] ?? [])].includes(who) && (kind || /: could not /.test(message))
}

/** Takes the first step of a run, and frees it. */
async function finished(result: unknown): Promise<void> {
  if (!isEndless(result)) return
  try {
    await result[Symbol.asyncIterator]().next()
  } finally {
    if ('dispose' in result && typeof result.dispose === 'function') result.dispose()
  }
}

function isEndless(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator] === 'function'
}

/** A good call of a function, and the names that it asks of its options. */
async function good({ name, call }: Exported): Promise<Good> {
  const given = await callsOf(name, call)
  return { given, options: await optionNames(call, given) }
}

interface Good {
  readonly given: readonly unknown[]
  readonly options: ReadonlyMap<number, ReadonlySet<string>>
}

const all = await surface()
const functions = all.filter((one) => !outside(one))
const found = new Map<Exported, Promise<Good>>()
const goodOf = (one: Exported): Promise<Good> => {
  const known = found.get(one) ?? good(one)
  found.set(one, known)
  return known
}

describe.each(
  all
    .filter((one) => !uncalled(one) && !takesWider(one))
    .map((one) => [`${one.name} of ${one.from}`, one] as const),
)('%s', (_, one) => {
  it('refuses options of a name that there is not', async () => {
    const { given, options } = await goodOf(one)
    for (const place of options.keys()) {
      const held = given[place] ?? {}
      if (!isOptions(held)) continue
      const wrong = async () => void (await one.call(...replaced(given, place, { ...held, nonesuch: 1 })))
      await expect(wrong(), `place ${place}`).rejects.toThrow(place in given ? 'nonesuch' : /expected/)
    }
  })
})

describe.each(functions.map((one) => [`${one.name} of ${one.from}`, one] as const))('%s', (_, one) => {
  const { name, call } = one
  it('works, or says by its name what it expected, where an argument or an option is wrong', async () => {
    const { given, options } = await goodOf(one)
    const faults: string[] = []
    for (const mutation of mutations(given, options)) {
      const found = await fault(name, call, mutation)
      if (found) faults.push(found)
    }
    expect(faults).toEqual([])
  })

  it('does so where all of them are', async () => {
    const all = fc.array(fc.constantFrom(...wrongValues), { maxLength: 4 })
    const property = fc.asyncProperty(all, async (given) => {
      expect(await fault(name, call, { given, what: given.map(shown).join(', ') })).toBeUndefined()
    })
    await fc.assert(property, { numRuns: 100, seed: 1 })
  })
})

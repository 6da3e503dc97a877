import { dispose, fromNowOn, memory, tensorsIn } from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'
import { figure, type Mark, type Picture } from '@sgm/viz'
import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { callsOf } from './misuse/calls'
import { fails, heirsOf, outside, takesWider, uncalled } from './misuse/exceptions'
import { lent } from './misuse/given'
import { isOptions, type Mutation, mutations, optionNames, replaced } from './misuse/mutations'
import { callOf, returnedOf } from './misuse/returned'
import { theirs } from './misuse/spoilt'
import { type Callable, type Exported, surface } from './misuse/surface'
import { shown, wrongValues } from './misuse/wrong'

/** The words of what lies underneath: of JavaScript, tfjs and Node. */
const INNER =
  /Cannot |is not a function|is not iterable|undefined is not|Invalid (array|typed)|Argument '|Maximum call|must be of type/

/** What is wrong with how a function answers a call; undefined where it works or says what it expected. */
async function fault(
  call: Callable,
  { given, what, refused }: Mutation,
  isNamed: (error: unknown) => boolean,
): Promise<string | undefined> {
  const before = memory().tensors
  const isNew = fromNowOn()
  let wrong: string | undefined
  try {
    const result = await call(...given)
    try {
      await used(result)
      if (refused) wrong = 'takes it'
    } finally {
      dispose(tensorsIn(result).filter(isNew))
    }
  } catch (error) {
    if (error !== theirs && !isNamed(error)) wrong = `throws ${String(error)}`
  }
  const left = memory().tensors - before
  if (left !== 0) wrong = `leaves ${left} tensors`
  if (lent.some((x) => 'isDisposed' in x && x.isDisposed)) wrong = "frees the caller's tensors"
  return wrong && `${what}: ${wrong.slice(0, 200)}`
}

/** Who an error of the library names: undefined for one in the words of what lies underneath. */
function named(error: unknown): string | undefined {
  if (!(error instanceof Error) || INNER.test(error.message)) return undefined
  const kind = error instanceof RangeError || error instanceof TypeError
  if (!kind && !/: (could not|step) /.test(error.message)) return undefined
  return /^([A-Za-z0-9]+)(?::| of )/.exec(error.message)?.[1]
}

/** Whether an error begins with the function's name, or with the name of what it was given or hands its arguments to. */
const isNamedAs =
  ({ name }: Exported) =>
  (error: unknown): boolean =>
    [name, ...heirsOf(name)].includes(named(error) ?? '')

/** Takes the first step of a run, or lays a mark or a picture out, since that is when options are put to use; and frees what a result holds. */
async function used(result: unknown): Promise<void> {
  const isNew = fromNowOn()
  try {
    if (isEndless(result)) {
      const steps = result[Symbol.asyncIterator]()
      dispose(tensorsIn((await steps.next()).value).filter(isNew))
      await steps.return?.()
    }
    if (isMark(result)) (await figure([result])).layout()
    if (isPicture(result)) result.layout()
  } finally {
    await closed(result)
  }
}

/** Frees what a result holds beside the tensors in it. */
async function closed(result: unknown): Promise<void> {
  if (isTensor(result)) return
  const { dispose: free } = (result ?? {}) as { readonly dispose?: unknown }
  if (typeof free === 'function') await free.call(result)
}

const isMark = (value: unknown): value is Mark => has(value, 'draw') && has(value, 'x')
const isPicture = (value: unknown): value is Picture => has(value, 'layout')

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && name in value
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

/** What differs by engine is what tensors are made of: on the slowest it is all that is called. */
const all = (await surface()).filter(
  ({ from }) => inject('backend') !== 'cpu' || from.startsWith('@sgm/tensor'),
)
const titled = (some: readonly Exported[]) => some.map((one) => [`${one.name} of ${one.from}`, one] as const)
const found = new Map<Exported, Promise<Good>>()
const goodOf = (one: Exported): Promise<Good> => {
  const known = found.get(one) ?? good(one)
  found.set(one, known)
  return known
}

describe.each(titled(all.filter((one) => !uncalled(one) && !takesWider(one))))('%s', (_, one) => {
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

describe.each(titled(all.filter((one) => !uncalled(one) && !fails(one))))('%s', (_, { name, call }) => {
  it('has a call that works, from which those here are made', async () => {
    const isNew = fromNowOn()
    const result = await call(...(await callsOf(name, call)))
    await used(result)
    dispose(tensorsIn(result).filter(isNew))
  })
})

describe.each(titled(all.filter((one) => !outside(one))))('%s', (_, one) => {
  const { call } = one
  it('works, or says by its name what it expected, where an argument or an option is wrong', async () => {
    const { given, options } = await goodOf(one)
    const faults: string[] = []
    for (const mutation of mutations(given, options)) {
      const found = await fault(call, mutation, isNamedAs(one))
      if (found) faults.push(found)
    }
    expect(faults).toEqual([])
  })

  it('does so where all of them are', async () => {
    const all = fc.array(fc.constantFrom(...wrongValues), { maxLength: 4 })
    const property = fc.asyncProperty(all, async (given) => {
      expect(
        await fault(call, { given, what: given.map(shown).join(', '), refused: false }, isNamedAs(one)),
      ).toBeUndefined()
    })
    await fc.assert(property, { numRuns: 100, seed: 1 })
  })
})

describe.each(
  all.filter((one) => !uncalled(one)).map((one) => [`what ${one.name} of ${one.from} gives`, one] as const),
)('%s', (_, { name, call }) => {
  it('works, or says what it expected, where an argument or an option is wrong', async () => {
    const before = fromNowOn()
    const result = await Promise.resolve(callsOf(name, call))
      .then((given) => call(...given))
      .catch(() => undefined)
    const faults: string[] = []
    for (const { path, call: returned } of returnedOf(name, result)) {
      const given = callOf(path)
      for (const mutation of mutations(given, await optionNames(returned, given), () => [])) {
        const found = await fault(returned, mutation, (error) => named(error) !== undefined)
        if (found) faults.push(`${path}: ${found}`)
      }
    }
    await closed(result)
    dispose(tensorsIn(result).filter(before))
    expect(faults).toEqual([])
  })
})

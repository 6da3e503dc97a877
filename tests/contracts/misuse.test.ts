import { dispose, fromNowOn, memory, tensorsIn } from '@sgm/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callsOf, lent } from './misuse/calls'
import { heirs, outside } from './misuse/exceptions'
import { type Mutation, mutations, optionNames } from './misuse/mutations'
import { type Callable, surface } from './misuse/surface'
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

const functions = (await surface()).filter((one) => !outside(one))

describe.each(functions.map((one) => [`${one.name} of ${one.from}`, one] as const))(
  '%s',
  (_, { name, call }) => {
    it('works, or says by its name what it expected, where an argument or an option is wrong', async () => {
      const good = await callsOf(name, call)
      const faults: string[] = []
      for (const mutation of mutations(good, await optionNames(call, good))) {
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
  },
)

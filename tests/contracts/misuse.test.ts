import { dispose, fromNowOn, tensorsIn } from '@sgm/tensor'
import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { fault, isNamedAs, isNamedBy } from './misuse/answers'
import { callsOf } from './misuse/calls'
import { fails, takesWider, uncalled } from './misuse/exceptions'
import { type Asked, askedBy, isOptions, mutations, replaced } from './misuse/mutations'
import { callOf, gives, returnedOf } from './misuse/returned'
import { type Exported, surface } from './misuse/surface'
import { closed, used } from './misuse/used'
import { shown, wrongValues } from './misuse/wrong'

/** A good call of a function, and what it asks of its arguments. */
async function good({ name, call }: Exported): Promise<Good> {
  const given = await callsOf(name, call)
  return { given, asked: await askedBy(call, given) }
}

interface Good {
  readonly given: readonly unknown[]
  readonly asked: Asked
}

/** What differs by engine is what tensors are made of: on the slowest it is all that is called. */
const all = (await surface()).filter(
  (one) => !uncalled(one) && (inject('backend') !== 'cpu' || one.from.startsWith('@sgm/tensor')),
)
const titled = (some: readonly Exported[]) => some.map((one) => [`${one.name} of ${one.from}`, one] as const)
const found = new Map<Exported, Promise<Good>>()
const goodOf = (one: Exported): Promise<Good> => {
  const known = found.get(one) ?? good(one)
  found.set(one, known)
  return known
}

describe.each(titled(all.filter((one) => !takesWider(one))))('%s', (_, one) => {
  it('refuses options of a name that there is not', async () => {
    const { given, asked } = await goodOf(one)
    for (const [path, { names }] of asked) {
      const place = Number(path)
      const held = given[place] ?? {}
      if (!(Number.isInteger(place) && names.size > 0 && isOptions(held))) continue
      const wrong = async () => void (await one.call(...replaced(given, place, { ...held, nonesuch: 1 })))
      await expect(wrong(), `place ${place}`).rejects.toThrow(place in given ? 'nonesuch' : /expected/)
    }
  })
})

describe.each(titled(all.filter((one) => !fails(one))))('%s', (_, { name, call }) => {
  it('has a call that works, from which those here are made', async () => {
    const isNew = fromNowOn()
    const result = await call(...(await callsOf(name, call)))
    await used(result)
    dispose(tensorsIn(result).filter(isNew))
  })
})

describe.each(titled(all))('%s', (_, one) => {
  const { name, call } = one
  it('works, or says by its name what it expected, where an argument or anything in one is wrong', async () => {
    const { given, asked } = await goodOf(one)
    const faults: string[] = []
    for (const mutation of mutations(given, asked)) {
      const found = await fault(call, mutation, isNamedAs(one))
      if (found) faults.push(found)
    }
    expect(faults).toEqual([])
  })

  it('does so where all of them are', async () => {
    const some = fc.array(fc.constantFrom(...wrongValues), { minLength: 1, maxLength: 4 })
    const property = fc.asyncProperty(some, async (given) => {
      const what = given.map(shown).join(', ')
      expect(await fault(call, { given, what, refused: false }, isNamedAs(one))).toBeUndefined()
    })
    await fc.assert(property, { numRuns: 50, seed: 1 })
  })

  it('gives what does so too', async () => {
    const isNew = fromNowOn()
    const result = await Promise.resolve(callsOf(name, call))
      .then((given) => call(...given))
      .catch(() => undefined)
    const faults: string[] = []
    const all = [...returnedOf(`${name}()`, result)]
    for (const held of all) {
      const { path, call: returned } = held
      const given = callOf(held)
      const asItIs = await fault(returned, { given, what: 'as it is', refused: false }, () => false)
      if (asItIs) faults.push(`${path}: ${asItIs}`)
      for (const mutation of mutations(given, await askedBy(returned, given))) {
        const found = await fault(returned, mutation, isNamedBy(one))
        if (found) faults.push(`${path}: ${found}`)
      }
      if (gives(path)) all.push(...returnedOf(`${path}()`, await returned(...given)))
    }
    await closed(result)
    dispose(tensorsIn(result).filter(isNew))
    expect(faults).toEqual([])
  })
})

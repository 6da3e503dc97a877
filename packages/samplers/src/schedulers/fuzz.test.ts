import fc from 'fast-check'
import { expect, it } from 'vitest'
import { schedulers } from './classes'
import { fromScheduler } from './from-scheduler'

const names = Object.keys(schedulers)
const keys = [...new Set(Object.values(schedulers).flatMap((kind) => kind.keys as readonly string[]))]
const values = fc.constantFrom<unknown>(
  ...[null, true, false, 0, -1, 0.5, 1, 2, 1e-320, 1e9, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY],
  ...['', 'x', 'zero', 'linear', 'karras', 'constructor', '__proto__', [], [0.1], [0.1, 0.2], [null], {}],
)
const configuration = fc
  .tuple(
    fc.constantFrom<unknown>(...names, 'constructor', '__proto__', 'toString', '', 3, null, [
      'DDIMScheduler',
    ]),
    fc.array(fc.tuple(fc.constantFrom(...keys, 'constructor', 'toString', 'other'), values), {
      maxLength: 4,
    }),
  )
  .map(([_class_name, members]) => ({ _class_name, ...Object.fromEntries(members) }))

it('reads or refuses any configuration of a scheduler, and gives times that fall', () => {
  fc.assert(
    fc.property(configuration, (config) => {
      try {
        const { process, grid } = fromScheduler(config as never, { mu: 1 })
        const times = grid(process, { steps: 3 })
        expect(times.every((t, i) => Number.isFinite(t) && (i === 0 || t <= times[i - 1]!))).toBe(true)
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof TypeError)) throw error
        expect(error.message).toMatch(/^[a-zA-Z]+: (\w+: )?expected (?!.*(Invalid|Cannot))/)
      }
    }),
    { numRuns: 600, seed: 1 },
  )
})

import * as metrics from '@sgm/metrics'
import { key, ones, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import * as viz from '@sgm/viz'
import * as vizFiles from '@sgm/viz/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const cyclic: unknown[] = []
cyclic.push(cyclic)
const circle: Record<string, unknown> = {}
circle.mean = circle

/** What nobody means to hand over, and some of what they may: every function gets each in every place. */
const values: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  10n,
  '',
  '3',
  'constructor',
  Symbol('s'),
  [],
  {},
  cyclic,
  circle,
  new Date(0),
  () => null,
  Promise.resolve(1),
  Object.create(null),
  new Float32Array(3),
  ones([]),
  ones([0, 3]),
  ones([4, 2]),
  tensor([
    [0, 1],
    [2, 3],
    [4, 9],
  ]),
  ones([2, 9]),
  tensor([[1, Number.NaN]]),
  key(0),
  viz.grid({ size: 3 }),
  await viz.figure([]),
  { key: key(1), projections: 3 },
  {
    title: 3,
    theme: 'toString',
    columns: '2',
    scale: 1e9,
    levels: cyclic,
    bins: 0.5,
    domain: [1, 0],
    type: 'x',
  },
  { kind: 'toString', bandwidths: '1', within: '3', folds: 2 ** 53, key: null, order: Number.NaN },
]

/** A result, or an error that begins with the name of the function. */
async function answered(name: string, call: (...given: unknown[]) => unknown, given: unknown[]) {
  try {
    await call(...given)
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).toMatch(new RegExp(`^(${name}|key|figure|theme): expected `))
  }
}

const functions = Object.entries({ ...metrics, ...viz, ...vizFiles } as Record<string, unknown>).filter(
  (entry): entry is [string, (...given: unknown[]) => unknown] => typeof entry[1] === 'function',
)

describe.each(functions)('%s', (name, call) => {
  it('answers whatever it is called with, or says by its name what it expected', async () => {
    const one = fc.constantFrom(...values)
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 4 }), (given) =>
        expectNoLeaks(() => answered(name, call, given)),
      ),
      { numRuns: 400, seed: 1 },
    )
  })
})

import * as samplers from '@sgm/samplers'
import * as sde from '@sgm/sde'
import { dispose, key, ones, tensor, tensorsIn, zerosLike } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
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
  sde.vp(),
  samplers.ddim(),
  samplers.maskOperator([1, 0]),
  { process: sde.vp(), score: zerosLike },
  { key: key(2), shape: [2, 2], steps: 2 },
  { stepSize: '1', order: 2.5, variant: 3, tolerance: cyclic, snr: null, eta: Number.NaN, grid: 3 },
  { sigmaMin: '0', interval: circle, drift: 3, times: [Number.NaN], levels: 1e9 },
]

/** A result, or an error that begins with the name of the function, or of the process or sampler that it asks. */
async function answered(call: (...given: unknown[]) => unknown, given: unknown[]) {
  try {
    const result = await call(...given)
    const theirs = new Set(tensorsIn(given))
    dispose(tensorsIn(result).filter((x) => !theirs.has(x)))
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).toMatch(/^\w+: expected /)
  }
}

/** A run works when it is looped over, the parts of a step when they are driven; and the names in errors are the caller's. */
const { chain, checkSampler, trajectory, repeat, scope, wait, ...sampling } = samplers
const { checkItoSde, checkLinearSde, numbersOf, ...processes } = sde

const functions = Object.entries({ ...sampling, ...processes } as Record<string, unknown>).filter(
  (entry): entry is [string, (...given: unknown[]) => unknown] => typeof entry[1] === 'function',
)

describe.each(functions)('%s', (_, call) => {
  it('answers whatever it is called with, or says by its name what it expected', async () => {
    const one = fc.constantFrom(...values)
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 4 }), (given) =>
        expectNoLeaks(() => answered(call, given)),
      ),
      { numRuns: 400, seed: 1 },
    )
  })
})

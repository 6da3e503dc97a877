import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { cast, key, ones, reshape, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { expect, it } from 'vitest'
import { maskOperator } from '../conditioning/operators'
import { projection } from '../conditioning/projection'
import { replacement } from '../conditioning/replacement'
import { eulerMaruyama } from '../samplers/euler-maruyama'
import { predictorCorrector } from '../samplers/predictor-corrector'
import { chain } from './chain'
import { checkSampler } from './check-sampler'
import { wait } from './steps'
import { sample } from './trajectory'

const problem = { process: vp(), ...gaussian() }
const options = { key: key(0), shape: [3, 2], steps: 1 }
const known = { data: ones([1, 2]), mask: tensor([1, 0]) }
const measured = { operator: maskOperator([1, 0]), observation: ones([1, 1]) }
const x = ones([1, 2])
const mine = eulerMaruyama()

it.each<[part: object, message: string]>([
  [{ step: 1 }, 'to have step'],
  [{ name: Symbol('mine') }, '.name to be a string, got Symbol(mine)'],
  [{ order: Number.NaN }, '.order >= 0, got NaN'],
  [{ order: '1' }, ".order >= 0, got '1'"],
  [{ evaluationsPerStep: 'two' }, ".evaluationsPerStep >= 0, got 'two'"],
  [{ backward: 'yes' }, '.backward to be true or false'],
  [{ defaults: null }, 'an object of options, got null'],
  [{ defaults: { step: 5 } }, "options steps, grid, denoise, got 'step'"],
  [{ defaults: { steps: 0.5 } }, '.defaults.steps to be an integer >= 1, got 0.5'],
  [{ defaults: { grid: [1, 0] } }, '.defaults.grid to be a function'],
  [{ defaults: { denoise: 'last' } }, ".defaults.denoise to be 'none' or 'mean' or 'tweedie', got 'last'"],
])('a sampler of %o is refused by whoever takes one', async (part, message) => {
  const spoilt = { ...mine, ...part } as never
  await expectNoLeaks(async () => {
    await expect(sample(problem, spoilt, options)).rejects.toThrow(message)
    expect(() => chain(problem, spoilt, { key: key(0), x })).toThrow(message)
    expect(() => projection(spoilt, measured)).toThrow(message)
    expect(() => replacement(spoilt, known)).toThrow(message)
    expect(() => predictorCorrector(spoilt)).toThrow(message)
    expect(() => predictorCorrector(mine, spoilt)).toThrow(message)
  })
})

it('an order without end is that of a chain that is exact', () => {
  expect(() => checkSampler('mine', { sampler: { ...mine, order: Number.POSITIVE_INFINITY } })).not.toThrow()
})

/** A step that leaves what it is told to, of the x that it is given. */
const leaving = (left: (x: Tensor) => unknown) =>
  function* (_: never, { x }: { readonly x: Tensor }) {
    return yield* wait(() => left(x))
  }

it.each<[what: string, step: (...given: never[]) => unknown, message: string]>([
  [
    'nothing',
    () => undefined,
    'sample: expected sampler.step to give steps, as a function* does, got undefined',
  ],
  [
    'a promise',
    async () => ({}),
    'sample: expected sampler.step to give steps, as a function* does, got Promise',
  ],
  ['a list', () => [1], 'sample: expected sampler.step to give steps, as a function* does, got [1]'],
  ['no x', leaving(() => undefined), 'sample: expected sampler.step to end with { x }, got undefined'],
  ['a number', leaving(() => ({ x: 1 })), 'sample: expected x of a step to be a tensor, got 1'],
  [
    'integers',
    leaving((x) => ({ x: cast(x, 'int32') })),
    'sample: expected x of a step to be float32, got int32',
  ],
  [
    'another shape',
    leaving((x) => ({ x: reshape(x, [6]) })),
    'sample: expected x of a step of shape [3, 2], got [6]',
  ],
  [
    'a mean of text',
    leaving((x) => ({ x, mean: 'm' })),
    "sample: expected mean of a step to be a tensor, got 'm'",
  ],
  [
    'text in its stats',
    leaving((x) => ({ x, stats: { a: '1' } })),
    'sample: expected stats.a of a step to be a number or a scalar, got 1',
  ],
])('a step that gives %s is named', async (_, step, message) => {
  await expectNoLeaks(async () => {
    const spoilt = { name: 'mine', order: 1, step } as never
    await expect(sample(problem, spoilt, options)).rejects.toThrow(message)
  })
})

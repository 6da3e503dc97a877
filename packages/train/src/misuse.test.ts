import { sdeDenoising } from '@sgm/losses'
import { mlp } from '@sgm/score'
import { vp } from '@sgm/sde'
import { add, cast, clone, dispose, key, ones, split, type Tensor, tensor, zeros } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { adam } from './optimizers/adam'
import { sgd } from './optimizers/sgd'
import type { Optimizer, OptimizerInput } from './optimizers/types'
import { inverseRootDecay, warmUp } from './rate'
import { train } from './train'
import type { TrainOptions } from './types'

const options: TrainOptions = {
  model: mlp({ hidden: [4] }),
  loss: sdeDenoising({ process: vp() }),
  data: () => tensor([[1, 2]]),
  key: key(1),
  steps: 3,
}

async function losses(more: object): Promise<number[]> {
  const run = train({ ...options, ...more })
  const all: number[] = []
  try {
    for await (const { loss } of run) all.push(loss)
    return all
  } finally {
    run.dispose()
  }
}

it.each(['int32', 'bool'] as const)('refuses a batch of %s', async (dtype) => {
  await expectNoLeaks(async () => {
    await expect(losses({ data: () => tensor([[1, 0]], [1, 2], dtype) })).rejects.toThrow(
      `train: expected x of the batch of step 0 to be float32, got ${dtype}`,
    )
  })
})

const { loss } = options
const optimizer = adam()
/** Hands back what it is given. */
const still: Optimizer = {
  init: () => ({}),
  coefficients: () => ({}),
  update: ({ parameters, slots }) => ({ parameters, slots }),
}

it.each<[what: string, more: object, message: string]>([
  [
    'a loss that draws nothing',
    { loss: { ...loss, draw: () => null } },
    'what loss.draw gives to be tensors by name, got null',
  ],
  [
    'a loss that draws numbers',
    { loss: { ...loss, draw: () => ({ times: 1 }) } },
    'what loss.draw gives.times to be a tensor, got 1',
  ],
  [
    'a loss of nothing',
    { loss: { ...loss, evaluate: () => null } },
    'what loss.evaluate gives to be a tensor, got null',
  ],
  [
    'a loss in integers',
    { loss: { ...loss, evaluate: () => tensor([1], [1], 'int32') } },
    'what loss.evaluate gives to be float32, got int32',
  ],
  [
    'an optimizer without coefficients',
    { optimizer: { ...optimizer, coefficients: () => null } },
    'optimizer.coefficients to give numbers by name, got null',
  ],
  [
    'a coefficient of text',
    { optimizer: { ...optimizer, coefficients: () => ({ rate: '1' }) } },
    "rate to be finite, got '1'",
  ],
  [
    'an optimizer without an update',
    { optimizer: { ...optimizer, update: () => null } },
    'optimizer.update to give parameters and slots, got null',
  ],
  [
    'an update of other shapes',
    {
      optimizer: {
        init: () => ({}),
        coefficients: () => ({}),
        update: ({ parameters }: OptimizerInput) => ({
          parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, ones([1])])),
          slots: {},
        }),
      },
    },
    'of shape [',
  ],
  [
    'an update in integers',
    {
      optimizer: {
        ...still,
        update: ({ parameters, slots }: OptimizerInput) => ({
          parameters: Object.fromEntries(
            Object.entries(parameters).map(([name, p]) => [name, cast(p, 'int32')]),
          ),
          slots,
        }),
      },
    },
    'an update of layers.0.weight in float32, got int32',
  ],
  [
    'an evaluation in words',
    { evaluate: { every: 1, run: () => 'good' } },
    'evaluate.run to give numbers by name, got good',
  ],
])('names %s', async (_, more, message) => {
  await expectNoLeaks(async () => {
    await expect(losses(more)).rejects.toThrow(message)
  })
})

describe('who owns what', () => {
  it('leaves a tensor that was there before to its owner, step after step', async () => {
    const x = tensor([[1, 2]])
    const condition = tensor([0], [1], 'int32')
    const wanted = await losses({})
    await expectNoLeaks(async () => {
      expect(await losses({ data: () => x })).toEqual(wanted)
      expect(await losses({ data: async () => ({ x, condition }) })).toEqual(wanted)
      expect(await losses({ data: () => clone(x) })).toEqual(wanted)
      expect(await losses({ data: async () => clone(x) })).toEqual(wanted)
    })
    expect([...(await x.data())]).toEqual([1, 2])
    dispose([x, condition])
  })

  it('says so where a tensor made in the loop is given twice', async () => {
    await expectNoLeaks(async () => {
      let kept: Tensor | undefined
      const data = () => {
        kept ??= tensor([[1, 2]])
        return kept
      }
      await expect(losses({ data })).rejects.toThrow(
        'train: expected x of the batch of step 1 to be a tensor in memory, got one that is disposed',
      )
    })
  })

  it('leaves the parameters that it starts from as they are', async () => {
    const parameters = options.model.init(key(3))
    const before = await Promise.all(Object.values(parameters).map((x) => x.data()))
    await expectNoLeaks(() => losses({ parameters }))
    expect(await Promise.all(Object.values(parameters).map((x) => x.data()))).toEqual(before)
    dispose(parameters)
  })

  it('lets an optimizer hand back what it was given, in another place too', async () => {
    /** Parameters p and slots p + 1 change places at each step. */
    const swapping: Optimizer = {
      ...still,
      init: (parameters) =>
        Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, add(p, 1)])),
      update: ({ parameters, slots }) => ({ parameters: slots, slots: parameters }),
    }
    const initial = options.model.init(split(options.key)[0])
    const before = await Promise.all(Object.values(initial).map((x) => x.data()))
    dispose(initial)
    await expectNoLeaks(async () => {
      for (const [optimizer, steps, shift] of [
        [still, 3, 0],
        [swapping, 2, 0],
        [swapping, 3, 1],
      ] as const) {
        const run = train({ ...options, optimizer, steps })
        for await (const _ of run);
        const after = await Promise.all(Object.values(run.parameters).map((x) => x.data()))
        expect(after).toEqual(before.map((numbers) => numbers.map((p) => p + shift)))
        run.dispose()
      }
    })
  })

  it('takes one loop at a time', async () => {
    const run = train(options)
    for await (const _ of run) {
      await expect(run[Symbol.asyncIterator]().next()).rejects.toThrow('one loop over a run at a time')
      break
    }
    const rest: number[] = []
    for await (const { step } of run) rest.push(step)
    expect(rest).toEqual([2, 3])
    run.dispose()
  })
})

it.each<[string, object, string]>([
  ['no rows', { data: () => zeros([0, 2]) }, 'the batch of step 0 to have a row at least, got [0, 2]'],
  [
    'rows of nothing',
    { data: () => zeros([2, 0]) },
    'the batch of step 0 to have a row at least, got [2, 0]',
  ],
  ['a scalar', { data: () => tensor(1) }, 'the batch of step 0 to have a row at least, got []'],
  [
    'nothing',
    { data: () => undefined },
    'the batch of step 0 to be a tensor or { x, condition }, got undefined',
  ],
  ['a list', { data: async () => [[1, 2]] }, 'the batch of step 0 to be a tensor or { x, condition }'],
  ['x no tensor', { data: () => ({ x: [1] }) }, 'x of the batch of step 0 to be a tensor, got [1]'],
  [
    'one of several conditions of too few rows',
    { data: () => ({ x: zeros([2, 2]), condition: { a: zeros([2]), b: zeros([1]) } }) },
    'a condition for each row of the batch of step 0, got [1]',
  ],
  [
    'no condition by name',
    { data: () => ({ x: zeros([2, 2]), condition: {} }) },
    'condition of the batch of step 0 to be tensors by name, got none',
  ],
  [
    'a condition of too few rows',
    { data: () => ({ x: zeros([2, 2]), condition: zeros([1]) }) },
    'a condition for each row of the batch of step 0, got [1]',
  ],
  ['a rate that becomes NaN', { rate: () => Number.NaN }, 'rate >= 0, got NaN'],
  ['a rate that becomes text', { rate: () => '3' }, "rate >= 0, got '3'"],
  [
    'a network without parameters',
    { model: { init: () => ({}), apply: () => {} } },
    'the parameters of model to be tensors by name, got none',
  ],
  [
    'an optimiser that forgets',
    { optimizer: { ...sgd(), update: () => ({ parameters: {}, slots: {} }) } },
    'an update of layers.0.bias, layers.0.weight, layers.1.bias, layers.1.weight, got nothing',
  ],
  [
    'slots that are none',
    { optimizer: { ...sgd(), init: () => ({ u: 3 }) } },
    'slots.u to be a tensor, got 3',
  ],
])('refuses %s by name, and leaves nothing behind', async (_, more, message) => {
  await expectNoLeaks(async () => {
    await expect(losses(more)).rejects.toThrow(`train: expected ${message}`)
  })
})

it.each<[object | null, string]>([
  [null, 'train: expected an object of options, got null'],
  [{ ...options, steps: 0 }, 'train: expected steps to be an integer >= 1, got 0'],
  [{ ...options, steps: '3' }, "train: expected steps to be an integer >= 1, got '3'"],
  [{ ...options, clip: 0 }, 'train: expected clip > 0, got 0'],
  [{ ...options, clip: '1' }, "train: expected clip > 0, got '1'"],
  [{ ...options, clip: null }, 'train: expected clip > 0, got null'],
  [{ ...options, rate: -1 }, 'train: expected rate >= 0, got -1'],
  [{ ...options, rate: '3' }, "train: expected rate >= 0, got '3'"],
  [{ ...options, warmUp: -1 }, 'train: expected warmUp >= 0, got -1'],
  [{ ...options, warmUp: '5' }, "train: expected warmUp >= 0, got '5'"],
  [{ ...options, ema: { decay: 1 } }, 'ema: expected decay in [0, 1), got 1'],
  [{ ...options, model: undefined }, 'train: expected model to have init, apply, got undefined'],
  [{ ...options, loss: null }, 'train: expected loss to have draw, evaluate, got null'],
  [{ ...options, data: tensor([1]) }, 'train: expected data to be a function, got Tensor'],
  [{ ...options, key: 0 }, 'train: expected key to be a key, as key(seed) makes it, got 0'],
  [{ ...options, optimizer: {} }, 'train: expected optimizer to have init, coefficients, update, got Object'],
  [{ ...options, optimizer: null }, 'train: expected optimizer to have init, coefficients, update, got null'],
  [{ ...options, parameters: {} }, 'train: expected parameters to be tensors by name, got none'],
  [{ ...options, parameters: { w: [1] } }, 'train: expected parameters.w to be a tensor, got [1]'],
  [{ ...options, compile: {} }, 'train: expected compile to have load, got Object'],
  [{ ...options, evaluate: { every: 1 } }, 'train: expected evaluate to have run, got Object'],
  [
    { ...options, evaluate: { every: 0, run() {} } },
    'train: expected evaluate.every to be an integer >= 1, got 0',
  ],
  [{ ...options, checkpoint: null }, 'train: expected an object of options, got null'],
  [{ ...options, checkpoint: {} }, 'train: expected checkpoint.store to have load, save, got undefined'],
  [
    { ...options, checkpoint: { store: { load() {}, save() {} }, notes: { a: 1 } } },
    'train: expected a to be a string, got 1',
  ],
  [{ ...options, signal: {} }, 'train: expected signal to have throwIfAborted, got Object'],
])('refuses options before any work (%#)', (bad, message) => {
  expectNoLeaks(() => {
    expect(() => train(bad as TrainOptions)).toThrow(message)
  })
})

it('refuses options that are no objects', () => {
  for (const make of [adam, sgd]) expect(() => make(null as never)).toThrow(TypeError)
  expect(() => adam({ beta1: '0.9' as never })).toThrow("adam: expected beta1 in [0, 1), got '0.9'")
  expect(() => warmUp('3' as never, 1)).toThrow(TypeError)
  expect(() => warmUp(1, '5' as never)).toThrow(RangeError)
  expect(() => inverseRootDecay(-1, 1)).toThrow('inverseRootDecay: expected rate >= 0, got -1')
  expect(() => inverseRootDecay(1, 0)).toThrow('inverseRootDecay: expected after > 0, got 0')
  expect(() => warmUp(() => '3' as never, 2)(1)).toThrow("warmUp: expected rate >= 0, got '3'")
})

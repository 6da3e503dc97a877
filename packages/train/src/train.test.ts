import { onnx } from '@sgm/backend-onnx'
import { denoising, type Loss, sdeDenoising } from '@sgm/losses'
import { mlp, networkOf } from '@sgm/score'
import { vp } from '@sgm/sde'
import {
  add,
  dispose,
  foldIn,
  key,
  mul,
  type NamedTensors,
  normal,
  scalar,
  serialize,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { type CheckpointStore, checkpointWeights } from './checkpoint'
import { DivergedError } from './diverged'
import { sgd } from './optimizers/sgd'
import { inverseRootDecay, warmUp } from './rate'
import { train } from './train'
import type { TrainingStep, TrainOptions } from './types'

const data = (step: number): Tensor => add(mul(normal(foldIn(key(9), step), [32, 2]), 0.5), 1)
const model = mlp({ hidden: [16, 16] })
const options = { model, loss: sdeDenoising({ process: vp() }), data, key: key(1), steps: 12 } as const

function memoryStore(): CheckpointStore & { saved: Uint8Array[] } {
  const saved: Uint8Array[] = []
  return {
    saved,
    load: async () => saved.at(-1),
    save: async (bytes) => void saved.push(bytes),
  }
}

/** Trains to the end, or to the given step, and gives every bit of the state there. */
async function bits(more: Partial<TrainOptions> = {}, until = Number.POSITIVE_INFINITY): Promise<unknown> {
  const run = train({ ...options, ...more })
  try {
    for await (const { step } of run) if (step >= until) break
    const values = (tensors: NamedTensors) =>
      Promise.all(Object.entries(tensors).map(async ([name, x]) => [name, Array.from(await x.data())]))
    return { parameters: await values(run.parameters), ema: await values(run.ema) }
  } finally {
    run.dispose()
  }
}

async function steps(more: Partial<TrainOptions> = {}): Promise<TrainingStep[]> {
  const run = train({ ...options, ...more })
  const all: TrainingStep[] = []
  try {
    for await (const step of run) all.push(step)
    return all
  } finally {
    run.dispose()
  }
}

/** θ, one number: the loss of a row is ½(θ − x)², so that every step can be worked out by hand. */
const point = networkOf({
  parameters: { theta: { shape: [], initial: () => scalar(0) } },
  apply: (parameters, x) => add(mul(x, 0), parameters.theta!),
})
const quadratic: Loss = {
  draw: () => ({}),
  evaluate: (score, x) => mul(sum(square(sub(score(x, x), x)), 1), 0.5),
}

describe('train', () => {
  it('takes the steps that gradient descent takes, and averages them', async () => {
    const target = [4, 2, 8]
    const rate = 0.25
    const run = train({
      model: point,
      loss: quadratic,
      data: (step) => tensor([[target[step]!]]),
      key: key(0),
      steps: 3,
      rate,
      optimizer: sgd(),
      ema: { decay: 0.5, warmUp: false },
    })
    let [theta, ema] = [0, 0]
    for await (const { step, loss, gradientNorm } of run) {
      const x = target[step - 1]!
      expect(loss).toBeCloseTo(0.5 * (theta - x) ** 2, 5)
      expect(gradientNorm).toBeCloseTo(Math.abs(theta - x), 5)
      theta -= rate * (theta - x)
      ema = theta + 0.5 * (ema - theta)
      expect((await run.parameters.theta!.data())[0]).toBeCloseTo(theta, 5)
      expect((await run.ema.theta!.data())[0]).toBeCloseTo(ema, 5)
    }
    run.dispose()
  })

  it('shortens long gradients and warms the rate up', async () => {
    const run = train({
      model: point,
      loss: quadratic,
      data: () => tensor([[100]]),
      key: key(0),
      steps: 2,
      rate: 1,
      warmUp: 2,
      clip: 0.5,
      optimizer: sgd(),
      ema: false,
    })
    const rates: number[] = []
    for await (const { rate } of run) rates.push(rate)
    expect(rates).toEqual([0.5, 1])
    expect((await run.parameters.theta!.data())[0]).toBeCloseTo(0.5 * 0.5 + 0.5, 5)
    run.dispose()
  })

  it('warms a rate up that falls as the root of the step', () => {
    const rateAt = warmUp(inverseRootDecay(0.4, 4), 2)
    expect([1, 2, 4, 16, 100].map(rateAt)).toEqual([0.2, 0.4, 0.4, 0.2, 0.08])
  })

  it('lowers the loss towards its known floor', async () => {
    // Denoising N(1, ¼) at σ = 1: the best loss is ½(d − σ²E‖s‖²) = ½(2 − 2/1.25) = 0.2.
    const all = await steps({ loss: denoising({ sigma: 1 }), steps: 150, rate: 1e-2 })
    expect(all[0]!.loss).toBeGreaterThan(0.6)
    expect(Math.abs(all.at(-1)!.emaLoss - 0.2)).toBeLessThan(0.15)
  })

  it('gives the same bits from the same key, others from another', async () => {
    const once = await bits()
    expect(await bits()).toEqual(once)
    expect(await bits({ key: key(2) })).not.toEqual(once)
  })

  it.each([1, 5, 7, 11])(
    'killed after step %d and resumed, ends with the bits of an uninterrupted run',
    async (kill) => {
      const store = memoryStore()
      const checkpoint = { store, every: 3 }
      await bits({ checkpoint }, kill)
      expect(store.saved).toHaveLength(Math.floor(kill / 3))
      expect(await bits({ checkpoint })).toEqual(await bits())
    },
  )

  it('goes on after a break, in the same run', async () => {
    const run = train(options)
    for await (const { step } of run) if (step === 4) break
    const rest: number[] = []
    for await (const { step } of run) rest.push(step)
    expect(rest).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
    run.dispose()
  })

  it('stops at a loss that is not finite, the last good checkpoint untouched', async () => {
    const store = memoryStore()
    const bad = (step: number): Tensor => (step === 7 ? tensor([[Number.NaN, 0]]) : data(step))
    const failure = steps({ data: bad, checkpoint: { store, every: 3 } })
    await expect(failure).rejects.toBeInstanceOf(DivergedError)
    await expect(failure).rejects.toMatchObject({ step: 8, lastGoodStep: 6 })
    await expect(failure).rejects.toThrow(/step 8, got loss NaN.*checkpoint of step 6 is intact/)
    expect(store.saved).toHaveLength(2)
    expect(await bits({ checkpoint: { store, every: 3 } })).toEqual(await bits())
  })

  it('reports every so many steps what it reports of each', async () => {
    const untimed = (all: TrainingStep[]) => all.map(({ stepsPerSecond: _, ...rest }) => rest)
    const each = untimed(await steps())
    expect(untimed(await steps({ reportEvery: 5 }))).toEqual([each[4], each[9], each[11]])
    expect(await bits({ reportEvery: 5 })).toEqual(await bits())
  })

  it('finds the step that was not finite among those it reads together, before it saves', async () => {
    const store = memoryStore()
    const broken = (step: number) => (step === 6 ? mul(data(step), Number.NaN) : data(step))
    const run = steps({ data: broken, checkpoint: { store, every: 4 }, reportEvery: 100 })
    await expect(run).rejects.toMatchObject({ name: 'DivergedError', step: 7, lastGoodStep: 4 })
    expect(store.saved).toHaveLength(1)
    await expectNoLeaks(async () => {
      await expect(steps({ data: broken, reportEvery: 100 })).rejects.toThrow('at step 7')
    })
  })

  it('saves at an abort and throws its reason', async () => {
    const store = memoryStore()
    const abort = new AbortController()
    const run = train({ ...options, checkpoint: { store }, signal: abort.signal })
    const loop = async () => {
      for await (const { step } of run) if (step === 5) abort.abort(new Error('enough'))
    }
    await expect(loop()).rejects.toThrow('enough')
    run.dispose()
    expect(store.saved).toHaveLength(1)
    expect(await bits({ checkpoint: { store } })).toEqual(await bits())
  })

  it('refuses checkpoints of other runs and damaged ones, before any step', async () => {
    const store = memoryStore()
    await bits({ checkpoint: { store } })
    const checkpoint = { store }
    await expect(bits({ checkpoint, key: key(2) })).rejects.toThrow(/checkpoint of key/)
    await expect(bits({ checkpoint, model: mlp({ hidden: [16, 8] }) })).rejects.toThrow(/checkpoint tensor/)
    await expect(bits({ checkpoint, optimizer: sgd() })).rejects.toThrow(/this model and optimizer/)
    store.saved.push(store.saved.at(-1)!.slice(0, -4))
    await expect(bits({ checkpoint })).rejects.toThrow(/deserialize/)
    const flipped = store.saved[0]!.slice()
    flipped[flipped.length - 2]! ^= 1
    store.saved.push(flipped)
    await expect(bits({ checkpoint })).rejects.toThrow(/train: expected an undamaged checkpoint/)
  })

  it('saves weights that can be taken out of a checkpoint without the run', async () => {
    const store = memoryStore()
    const wanted = await bits({ checkpoint: { store } })
    const values = (tensors: NamedTensors) =>
      Promise.all(Object.entries(tensors).map(async ([name, x]) => [name, Array.from(await x.data())]))
    const { step, parameters, ema } = checkpointWeights(store.saved.at(-1)!)
    expect(step).toBe(12)
    expect({ parameters: await values(parameters), ema: await values(ema) }).toEqual(wanted)
    const bare = memoryStore()
    await bits({ checkpoint: { store: bare }, ema: false })
    const weights = checkpointWeights(bare.saved.at(-1)!)
    expect(weights.ema).toBe(weights.parameters)
    dispose([parameters, ema, weights.parameters])
    const other = await serialize({ theta: tensor([1]) }, { format: 'other' })
    await expectNoLeaks(async () => {
      expect(() => checkpointWeights(other)).toThrow(/checkpointWeights: expected a checkpoint of format/)
    })
  })

  it('evaluates when asked and reports it', async () => {
    const all = await steps({ evaluate: { every: 5, run: ({ step }) => ({ twice: 2 * step }) } })
    expect(all.flatMap(({ step, evaluation }) => (evaluation ? [[step, evaluation.twice]] : []))).toEqual([
      [5, 10],
      [10, 20],
      [12, 24],
    ])
  })

  it('leaves no tensor behind, whether it ends, is left, fails or resumes', async () => {
    const store = memoryStore()
    await expectNoLeaks(() => bits())
    await expectNoLeaks(() => bits({ checkpoint: { store, every: 2 } }, 5))
    await expectNoLeaks(() => bits({ checkpoint: { store, every: 2 } }))
    await expectNoLeaks(async () => {
      const failing = () => {
        throw new Error('no data')
      }
      await expect(bits({ data: failing })).rejects.toThrow('no data')
    })
  })

  it('compiled, takes the steps it takes eagerly, and hands its parameters over', async () => {
    const run = train({ ...options, compile: onnx({ threads: 1 }) })
    const losses: number[] = []
    for await (const { loss } of run) losses.push(loss)
    const eager = await steps()
    for (const [i, { loss }] of eager.entries()) expect(losses[i]).toBeCloseTo(loss, 4)
    const values = await run.parameters['layers.0.weight']!.data()
    run.dispose()
    const plain = train(options)
    for await (const _ of plain);
    const wanted = await plain.parameters['layers.0.weight']!.data()
    for (const [i, value] of wanted.entries()) expect(values[i]).toBeCloseTo(value, 4)
    plain.dispose()
  })

  it('compiled and resumed, ends with the bits of an uninterrupted compiled run', async () => {
    const compiled = { compile: onnx({ threads: 1 }) }
    const store = memoryStore()
    await bits({ ...compiled, checkpoint: { store, every: 4 } }, 9)
    expect(await bits({ ...compiled, checkpoint: { store, every: 4 } })).toEqual(await bits(compiled))
  })
})

it('tells how far it is, each step that is reported once', async () => {
  const told: unknown[] = []
  const all = await steps({ reportEvery: 5, onProgress: (progress) => told.push(progress) })
  expect(told).toEqual(all.map((at) => ({ index: at.step, steps: 12, ...at })))
  expect(told).toMatchObject([{ index: 5 }, { index: 10 }, { index: 12 }])
})

import { sdeDenoising } from '@sgm/losses'
import { mlp, type Network } from '@sgm/score'
import { vp } from '@sgm/sde'
import { add, foldIn, key, mul, normal, scalar, square, sub, sum, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { type CheckpointStore, checkpointWeights } from './checkpoint'
import { DivergedError } from './diverged'
import { sgd } from './optimizers/sgd'
import { train } from './train'
import type { TrainingStep, TrainOptions } from './types'

const data = (step: number): Tensor => normal(foldIn(key(9), step), [4, 2])
const options: TrainOptions = {
  model: mlp({ hidden: [4] }),
  loss: sdeDenoising({ process: vp() }),
  data,
  key: key(1),
  steps: 8,
}

async function steps(
  more: Partial<TrainOptions>,
  seen: (at: TrainingStep) => void = () => {},
): Promise<void> {
  const run = train({ ...options, ...more })
  try {
    for await (const at of run) seen(at)
  } finally {
    run.dispose()
  }
}

/** A store in memory that takes so many saves and then fails, as a full disk does. */
function memoryStore(room = Number.POSITIVE_INFINITY): CheckpointStore & { saved: number[] } {
  const saved: number[] = []
  let last: Uint8Array | undefined
  return {
    saved,
    load: async () => last,
    save: async (bytes, step) => {
      if (saved.length >= room) throw new Error('the disk is full')
      saved.push(step)
      last = bytes
    },
  }
}

describe('what is kept of a run that fails', () => {
  it('are the steps before the data fail', async () => {
    const store = memoryStore()
    const bad = (step: number) => {
      if (step === 5) throw new Error('no such file')
      return data(step)
    }
    await expectNoLeaks(async () => {
      await expect(steps({ checkpoint: { store, every: 3 }, data: bad })).rejects.toThrow('no such file')
    })
    expect(store.saved).toEqual([3, 5])
    await steps({ checkpoint: { store, every: 3 } })
    expect(store.saved).toEqual([3, 5, 6, 8])
  })

  it('is the step of an evaluation that fails', async () => {
    const store = memoryStore()
    const run = ({ step }: { readonly step: number }) => {
      if (step === 4) throw new Error('no room for pictures')
      return {}
    }
    const failing = steps({ checkpoint: { store, every: 3 }, evaluate: { every: 2, run } })
    await expect(failing).rejects.toThrow('no room for pictures')
    expect(store.saved).toEqual([3, 4])
  })

  it('is the last checkpoint, where the next cannot be saved: the error says which and why', async () => {
    const full = memoryStore(1)
    await expect(steps({ checkpoint: { store: full, every: 3 } })).rejects.toThrow(
      'train: step 6 could not be saved (the disk is full); the checkpoint of step 3 is intact',
    )
    await expect(steps({ checkpoint: { store: memoryStore(0), every: 3 } })).rejects.toThrow(
      'train: step 3 could not be saved (the disk is full); there is no checkpoint yet',
    )
  })

  it('is not said to be there where it went away', async () => {
    const store = memoryStore(1)
    const lost = { ...store, load: async () => (store.saved.length > 0 ? undefined : store.load()) }
    await expect(steps({ checkpoint: { store: lost, every: 3 } })).rejects.toThrow(
      'train: step 6 could not be saved (the disk is full); the checkpoint of step 3 is there no more',
    )
  })

  it('is told too where a run that is to end cannot be saved', async () => {
    const abort = new AbortController()
    const stopping = steps({ checkpoint: { store: memoryStore(0) }, signal: abort.signal }, ({ step }) => {
      if (step === 2) abort.abort(new Error('stopped by Ctrl-C'))
    })
    await expect(stopping).rejects.toThrow(
      'train: step 2 could not be saved (the disk is full); there is no checkpoint yet. ' +
        'It was to end because of: stopped by Ctrl-C',
    )
  })
})

/** θ, one number; the loss of a row is ½(θ − x)², whose gradient at θ = 0 is −x. */
const point: Network = {
  shapes: { theta: [] },
  init: () => ({ theta: scalar(0) }),
  apply: (parameters, x) => add(mul(x, 0), parameters.theta!),
}
const quadratic = {
  draw: () => ({}),
  evaluate: (score: (x: Tensor, t: Tensor) => Tensor, x: Tensor) =>
    mul(sum(square(sub(score(x, x), x)), 1), 0.5),
}

it.each([true, false])('ends a run whose weights overflow at its last step (kept: %s)', async (kept) => {
  const store = memoryStore()
  const failing = steps({
    model: point,
    loss: quadratic,
    optimizer: sgd(),
    // 10³⁰ · 10¹⁵ is no float32, though loss and gradient are.
    data: (step) => tensor([[step === 1 ? 1e15 : 1]]),
    rate: (step) => (step === 2 ? 1e30 : 0),
    steps: 2,
    ...(kept && { checkpoint: { store, every: 1 } }),
  })
  await expect(failing).rejects.toBeInstanceOf(DivergedError)
  await expect(failing).rejects.toThrow(
    `train: expected finite weights at step 2, got NaN or infinity in parameters/theta; ${kept ? 'the checkpoint of step 1 is intact' : 'there is no checkpoint yet'}`,
  )
  expect(store.saved).toEqual(kept ? [1] : [])
})

it('keeps notes in its checkpoints, and shows them before it goes on', async () => {
  const store = memoryStore()
  await steps({ checkpoint: { store, notes: { config: 'a', engine: 'cpu' } }, steps: 2 })
  const last = checkpointWeights((await store.load())!)
  expect(last).toMatchObject({ step: 2, notes: { config: 'a', engine: 'cpu' } })
  const seen: unknown[] = []
  await steps({ checkpoint: { store, notes: { config: 'b' }, onResume: (saved) => void seen.push(saved) } })
  expect(seen).toEqual([{ step: 2, notes: { config: 'a', engine: 'cpu' } }])
  expect(checkpointWeights((await store.load())!).notes).toEqual({ config: 'b' })
  const refuse = () => {
    throw new Error('not this one')
  }
  await expectNoLeaks(async () => {
    await expect(steps({ checkpoint: { store, onResume: refuse }, steps: 9 })).rejects.toThrow('not this one')
  })
})

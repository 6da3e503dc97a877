import type { Ema } from '@sgm/score'
import {
  dispose,
  fromNowOn,
  type Key,
  type NamedTensors,
  tensorsIn,
  type Variable,
  variable,
} from '@sgm/tensor'
import { checkNamed } from './check-options'
import { decodeCheckpoint, type Progress, type TrainingState } from './checkpoint'
import type { Optimizer } from './optimizers/types'
import type { TrainOptions } from './types'

/** The state before the first step, in variables. */
export function startState(
  { model, parameters }: Pick<TrainOptions, 'model' | 'parameters'>,
  optimizer: Optimizer,
  average: Ema | undefined,
  key: Key,
): TrainingState {
  const isNew = fromNowOn()
  const initial = parameters ?? model.init(key)
  const made: unknown[] = []
  const variables = (tensors: NamedTensors): NamedTensors => {
    const copies = Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, variable(x)]))
    made.push(copies)
    return copies
  }
  try {
    checkNamed('the parameters of model', initial, 1)
    const slots = optimizer.init(initial)
    try {
      checkNamed('slots', slots, 0)
      return {
        parameters: variables(initial),
        slots: variables(slots),
        ema: average ? variables(initial) : {},
      }
    } finally {
      dispose(tensorsIn(slots).filter(isNew))
    }
  } catch (error) {
    dispose(made)
    throw error
  } finally {
    dispose(tensorsIn(initial).filter(isNew))
  }
}

/** Takes over the state of the store's checkpoint and tells how far it had come; undefined where there is none. */
export async function resumeState(
  { checkpoint, key }: Pick<TrainOptions, 'checkpoint' | 'key'>,
  state: TrainingState,
): Promise<Progress | undefined> {
  const bytes = await checkpoint?.store.load()
  if (!bytes) return undefined
  const { state: saved, progress } = await decodeCheckpoint(bytes, state, key, checkpoint?.onResume)
  try {
    for (const part of ['parameters', 'slots', 'ema'] as const) {
      for (const [name, x] of Object.entries(saved[part])) (state[part][name] as Variable).assign(x)
    }
    return progress
  } finally {
    dispose(saved)
  }
}

import { dispose, type Executor, type NamedTensors } from '@sgm/tensor'
import type { RunConfig } from './config'
import { executorOf, type Speed } from './context'
import { type Model, modelOf } from './model'
import { checkTrainedWith, knownConfig, readWeights } from './run-folder'

/** A trained run, ready for use. */
export interface OpenRun {
  readonly config: RunConfig
  readonly model: Model
  /** Steps that the weights were trained for. */
  readonly step: number
  /** The averaged weights. */
  readonly weights: NamedTensors
  readonly executor: Executor | undefined
}

/**
 * Opens a run, uses it and frees it.
 *
 * @throws RangeError when there is no trained run in the folder.
 */
export async function withRun<T>(
  folder: string,
  speed: Speed,
  use: (run: OpenRun) => Promise<T>,
): Promise<T> {
  const config = await knownConfig(folder)
  const executor = executorOf(speed)
  const model = modelOf(config)
  const { step, parameters, ema, notes } = await readWeights(folder)
  try {
    checkTrainedWith(folder, config, { step, notes })
    return await use({ config, model, step, weights: ema, executor })
  } finally {
    dispose([parameters, ema])
  }
}

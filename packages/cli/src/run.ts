import { dispose, type Executor, type NamedTensors } from '@sgm/tensor'
import type { RunConfig } from './config'
import { type Context, executorOf, type Speed } from './context'
import { type Model, modelOf } from './model'
import { checkTrainedWith, knownConfig, readWeights } from './run-folder'
import { youth } from './young'

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
 * Opens a run, uses it and frees it. Weights that have hardly learned are told.
 *
 * @throws RangeError when there is no trained run in the folder.
 */
export async function withRun<T>(
  folder: string,
  speed: Speed,
  { notice }: Context,
  use: (run: OpenRun) => Promise<T>,
): Promise<T> {
  const config = await knownConfig(folder)
  const executor = executorOf(speed)
  const model = modelOf(config)
  const { step, parameters, ema, notes } = await readWeights(folder)
  try {
    checkTrainedWith(folder, config, { step, notes })
    const young = youth(folder, config, step)
    if (young) notice?.(young)
    return await use({ config, model, step, weights: ema, executor })
  } finally {
    dispose([parameters, ema])
  }
}

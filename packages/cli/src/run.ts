import { type Executor, type NamedTensors, scoped } from '@sgm/tensor'
import type { RunConfig } from './config'
import type { Context } from './context'
import { openEngine, type Speed } from './engine'
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
  const model = modelOf(config)
  const { executor, close } = await openEngine(speed)
  try {
    return await scoped(async (own) => {
      const { step, parameters, ema, notes } = await readWeights(folder)
      own([parameters, ema])
      checkTrainedWith(folder, config, { step, notes })
      const young = youth(folder, config, step)
      if (young) notice?.(young)
      return use({ config, model, step, weights: ema, executor })
    })
  } finally {
    await close()
  }
}

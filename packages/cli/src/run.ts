import { type Executor, expected, type NamedTensors, scoped } from '@sgm/tensor'
import type { RunConfig } from './config'
import type { Context } from './context'
import { openEngine, type Speed } from './engine'
import { type Model, modelOf } from './model'
import { checkTrainedWith, knownConfig, readWeights } from './run-folder'
import { isClassifier } from './settings/names'
import { youth } from './young'

/** A trained run as its folder holds it. */
export interface TrainedRun {
  readonly config: RunConfig
  readonly model: Model
  /** Steps that the weights were trained for. */
  readonly step: number
  /** The averaged weights. */
  readonly weights: NamedTensors
}

/** A trained run, ready for use. */
export interface OpenRun extends TrainedRun {
  readonly executor: Executor | undefined
}

/**
 * Opens the run of a score, uses it and frees it. Weights that have hardly learned are told.
 *
 * @throws RangeError when there is no such run in the folder.
 */
export async function withRun<T>(
  folder: string,
  speed: Speed,
  context: Context,
  use: (run: OpenRun) => Promise<T>,
): Promise<T> {
  return withTrained(folder, 'score', context, async (trained) => {
    const { executor, close } = await openEngine(speed)
    try {
      return await use({ ...trained, executor })
    } finally {
      await close()
    }
  })
}

/**
 * Reads the run of a score or of a classifier, uses it and frees it.
 *
 * @throws RangeError when there is no such run in the folder.
 */
export async function withTrained<T>(
  folder: string,
  kind: 'score' | 'classifier',
  { notice }: Context,
  use: (run: TrainedRun) => Promise<T>,
): Promise<T> {
  const config = await knownConfig(folder)
  if (isClassifier(config.net) !== (kind === 'classifier')) {
    throw expected('sgm', `the run of a ${kind}`, `${folder} of --net ${config.net}`)
  }
  const model = modelOf(config)
  return scoped(async (own) => {
    const { step, parameters, ema, notes } = await readWeights(folder)
    own([parameters, ema])
    checkTrainedWith(folder, config, { step, notes })
    const young = youth(folder, config, step)
    if (young) notice?.(young)
    return use({ config, model, step, weights: ema })
  })
}

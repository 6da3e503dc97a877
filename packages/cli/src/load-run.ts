import { bind, type Network, type ScoreFunction } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { dispose, expected, type LongCallOptions, type NamedTensors } from '@sgm/tensor'
import { checkLongCall, checkPaths, optionsOf } from '@sgm/tensor/check'
import { type CheckpointWeights, checkpointWeights } from '@sgm/train'
import { readFrom } from '#files'
import { changesSince, type RunConfig } from './config'
import { CHECKPOINT, CONFIG } from './files/names'
import { modelOf } from './model'
import { isClassifier } from './settings/names'
import { parsedConfig } from './validate'

export type { RunConfig, RunIdentity, RunLength } from './config'

/** A run that `sgm train` trained, ready for the library. */
export interface LoadedRun {
  /** The score by the averaged weights: x `[B, ...config.shape]`, t `[B]`. Of a run with labels, that without a condition. */
  readonly score: ScoreFunction
  /** What the network was trained under. */
  readonly process: LinearSDE
  /** Its function is the score: `bind(network, weights, labels)` is that of given classes. */
  readonly network: Network
  /** The averaged weights. */
  readonly weights: NamedTensors
  /** What `config.json` holds: the data's shape, names of classes, the range of pixels, every choice. */
  readonly config: RunConfig
  /** Steps that the weights were trained for. */
  readonly step: number
  /** Frees the weights. */
  dispose(): void
  [Symbol.dispose](): void
}

/**
 * Loads a run of the `sgm` command: the score it learned and the process it was trained under.
 *
 * The score is a plain function: `compile(score, { executor: onnx() })` runs it natively.
 *
 * @param folder In Node a path, a `file:` URL or the URL of a folder that is served; in browsers a URL, which may be relative
 * to the page. `config.json` and `checkpoint.safetensors` are read from it.
 * @param options Progress is in hundredths of the weights' file that have come.
 * @throws the signal's reason, when it ends the call. RangeError when no run or no checkpoint is there, a file is damaged, or `config.json` is not what the weights were
 * trained with. Error when a file cannot be read.
 * @example
 * const { score, process, config } = await loadRun('run')
 * const options = { key: key(0), shape: [16, ...config.shape], steps: 20 }
 * const x = await sample({ process, score }, dpmSolverPlusPlus(), options)
 */
export async function loadRun(folder: string | URL, options: LongCallOptions = {}): Promise<LoadedRun> {
  const { signal, onProgress } = optionsOf('loadRun', options, { signal: true, onProgress: true })
  checkLongCall('loadRun', options)
  if (!(folder instanceof URL)) checkPaths('loadRun', { folder })
  signal?.throwIfAborted()
  let gone = 0
  const tell = (hundredths: number): void => {
    if (hundredths <= gone) return
    gone = hundredths
    onProgress?.({ index: gone, steps: 100 })
  }
  const { where, read } = readFrom(folder)
  const [text, bytes] = await Promise.all([
    read(CONFIG, { signal }),
    read(CHECKPOINT, { signal, onShare: (share) => tell(Math.min(99, Math.floor(100 * share))) }),
  ])
  if (!text) throw expected('loadRun', 'the folder of a run, made by sgm train', `no ${where(CONFIG)}`)
  if (!bytes) throw expected('loadRun', 'a run that has saved a checkpoint', `no ${where(CHECKPOINT)}`)
  const config = parsedConfig(text, where(CONFIG))
  if (isClassifier(config.net))
    throw expected('loadRun', 'the run of a score', `${where(CONFIG)} of a classifier`)
  const { process, network } = modelOf(config)
  const { step, weights, notes } = averaged(checkpointWeights(bytes))
  const free = (): void => dispose(weights)
  const changes = changesSince(notes.config, config)
  if (changes.length > 0) {
    free()
    throw expected('loadRun', `${where(CONFIG)} as the weights were trained with`, changes.join(', '))
  }
  const score = bind(network, weights)
  tell(100)
  return { score, process, network, weights, config, step, dispose: free, [Symbol.dispose]: free }
}

/** A checkpoint's averaged weights; the others are freed. */
function averaged({ parameters, ema, ...rest }: CheckpointWeights) {
  if (parameters !== ema) dispose(parameters)
  return { ...rest, weights: ema }
}

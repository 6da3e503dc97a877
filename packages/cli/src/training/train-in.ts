import { type Engine, key, split } from '@sgm/tensor'
import type { FolderLock } from '@sgm/tensor/node'
import {
  type CheckpointOptions,
  type Evaluation,
  inverseRootDecay,
  type TrainingRun,
  train,
} from '@sgm/train'
import { csvLog, fileStore, jsonLog, tensorBoardLog, type WriteLine } from '@sgm/train/node'
import type { RunConfig } from '../config'
import type { Context } from '../context'
import type { Dataset } from '../dataset'
import type { Model } from '../model'
import { type RunFiles, runFiles } from '../run-folder'
import { isClassifier } from '../settings/names'
import { accuracies } from './accuracies'
import { evaluations } from './evaluations'

/** What a training by the command did. */
export interface RunTrainResult {
  readonly folder: string
  /** Steps that the run has taken in all. */
  readonly step: number
  /** Steps it had taken before. */
  readonly resumedFrom: number
  /** Moving average of the loss; absent where there was nothing left to do. */
  readonly loss?: number
  readonly stepsPerSecond?: number
  /** What the last evaluation found. */
  readonly evaluation?: Readonly<Record<string, number>>
  /** The last picture of samples. */
  readonly samples?: string
  /** Present where a classifier was trained, and not a score. */
  readonly classifier?: true
}

/** A run that may begin. */
export interface ReadyRun {
  readonly config: RunConfig
  readonly model: Model
  readonly dataset: Dataset
  readonly evalBits: number
  readonly engine: Engine
  readonly checkpoint: Required<Pick<CheckpointOptions, 'notes' | 'onResume'>>
}

/** Trains in a folder that is this process's. */
export async function trainIn(
  folder: string,
  lock: FolderLock,
  { config, model, dataset, evalBits, engine, checkpoint }: ReadyRun,
  context: Context,
): Promise<RunTrainResult> {
  const files = runFiles(folder)
  const { executor } = engine
  const [dataKey, trainKey] = split(key(config.seed))
  const setup = { config, model, folder: files.samples, bits: evalBits, executor }
  const classifier = isClassifier(config.net)
  const evaluation = (classifier ? accuracies : evaluations)(setup, context)
  const evaluate: Evaluation['run'] = (input) => {
    context.report?.('training', input.step, config.steps, 'evaluating')
    return evaluation.run(input)
  }
  const store = fileStore(files.checkpoint, { keep: config.keep })
  let resumedFrom = 0
  const run = train({
    model: model.network,
    loss: model.loss,
    data: dataset.batches({
      size: config.batch,
      key: dataKey,
      range: config.range ?? [0, 1],
      dequantize: config.dequantize,
      flip: config.flip,
      augment: config.augment || undefined,
      dropLabels: config.labels ? config.dropLabels : undefined,
    }),
    steps: config.steps,
    reportEvery: engine.name === 'gpu' ? stepsUnread(config.logEvery) : 1,
    key: trainKey,
    rate: config.decayAfter > 0 ? inverseRootDecay(config.rate, config.decayAfter) : config.rate,
    warmUp: config.warmUp,
    ...(config.clip > 0 && { clip: config.clip }),
    ema: config.emaWidth > 0 ? { width: config.emaWidth } : { decay: config.ema },
    ...(executor && { compile: executor }),
    checkpoint: {
      ...checkpoint,
      async onResume(saved) {
        resumedFrom = saved.step
        await checkpoint.onResume(saved)
      },
      store: {
        load: store.load,
        async save(bytes, step) {
          await lock.check()
          await store.save(bytes, step)
        },
      },
      every: config.saveEvery,
    },
    ...(config.evalEvery > 0 && { evaluate: { every: config.evalEvery, run: evaluate } }),
    ...(context.signal && { signal: context.signal }),
  })
  const logs = logsOf(files, config)
  let last: Pick<RunTrainResult, 'step' | 'loss' | 'stepsPerSecond' | 'evaluation'> | undefined
  try {
    for await (const at of run) {
      if (!last) context.report?.('training', resumedFrom, config.steps)
      if (at.evaluation || at.step % config.logEvery === 0 || at.step === config.steps) {
        await lock.check()
        await keeping(run, async () => {
          for (const log of logs) await log({ ...at })
        })
      }
      const note = `loss ${at.emaLoss.toPrecision(4)} · ${at.stepsPerSecond.toPrecision(3)} steps/s`
      context.report?.('training', at.step, config.steps, note)
      last = {
        step: at.step,
        loss: at.emaLoss,
        stepsPerSecond: at.stepsPerSecond,
        ...(at.evaluation
          ? { evaluation: at.evaluation }
          : last?.evaluation && { evaluation: last.evaluation }),
      }
    }
  } finally {
    run.dispose()
    await evaluation.dispose()
  }
  const samples = evaluation.latest()
  const kind = { ...(samples && { samples }), ...(classifier && { classifier }) }
  return { folder, step: config.steps, ...last, resumedFrom, ...kind }
}

/** Steps whose losses a GPU is not asked for: it would stand still each time. Every step that is logged is still reported. */
function stepsUnread(logEvery: number): number {
  let most = Math.min(logEvery, MOST_UNREAD)
  while (logEvery % most !== 0) most--
  return most
}

const MOST_UNREAD = 10

/** The logs of a run. */
function logsOf(files: RunFiles, { log }: RunConfig): readonly WriteLine[] {
  const kinds = log.split(',')
  return [
    jsonLog(files.log),
    ...(kinds.includes('csv') ? [csvLog(files.csv)] : []),
    ...(kinds.includes('tensorboard') ? [tensorBoardLog(files.tensorBoard)] : []),
  ]
}

/** Does what a run can do without, and where it fails saves the run before the error goes on. */
async function keeping(run: TrainingRun, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    await run.save().catch((failed: Error) => {
      throw new Error(`${(error as Error).message}. ${failed.message}`, { cause: error })
    })
    throw error
  }
}

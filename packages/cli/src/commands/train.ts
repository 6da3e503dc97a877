import { resolve } from 'node:path'
import { type Executor, key, split } from '@sgm/tensor'
import { type TrainingRun, train } from '@sgm/train'
import { type FolderLock, fileStore, jsonLog } from '@sgm/train/node'
import { networkNames } from '../choices/networks'
import { predictionNames } from '../choices/predictions'
import { processNames } from '../choices/processes'
import { continuedConfig, dataSource, newConfig, type RunChoices, type RunConfig } from '../config'
import { type Context, executorOf, type Speed } from '../context'
import { type Dataset, densityNames, openDataset } from '../dataset'
import { type Model, modelOf } from '../model'
import { quoted } from '../quoted'
import { readConfig, runFiles, writeConfig } from '../run-folder'
import { claimFolder } from '../training/claim'
import { evaluations } from '../training/evaluations'
import { versions } from '../versions'
import type { Declare } from './command'
import { among, count, number, positive, speedOptions, whole } from './options'

/** Options of {@link runTrain}. */
export interface RunTrainOptions extends RunChoices, Speed {
  /** The run's folder. One that holds a run goes on with it. */
  readonly out: string
  /** Held-out data whose bits/dim (nats of points) each evaluation finds; 0 for none. @default 0 */
  readonly evalBits?: number
}

/** What {@link runTrain} did. */
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
}

/**
 * Trains a score model on images or points and keeps the run in a folder: its configuration, its last checkpoint, a log and
 * pictures of samples. A run that was stopped goes on, with the bits that an uninterrupted one would have had.
 *
 * @throws RangeError when a choice is out of range, or differs from what the run in the folder was begun with.
 */
export async function runTrain(options: RunTrainOptions, context: Context = {}): Promise<RunTrainResult> {
  const { out: folder, threads, eager, evalBits = 0, ...given } = options
  const choices: RunChoices = { ...given, ...(given.data && { data: dataSource(given.data, resolve) }) }
  const stored = await readConfig(folder)
  const known = stored && continuedConfig(folder, stored, choices)
  const dataset = await openDataset(known?.data ?? choices.data ?? 'glyphs')
  const config = known ?? newConfig({ ...choices, data: choices.data ?? 'glyphs' }, dataset, versions())
  const model = modelOf(config)
  const lock = await claimFolder(folder)
  try {
    const found = await readConfig(folder)
    if (JSON.stringify(found) !== JSON.stringify(stored)) {
      throw new Error(`sgm: expected ${folder} to stay as it was, got another run in it meanwhile`)
    }
    await writeConfig(folder, config)
    return await trainIn(
      folder,
      lock,
      { config, model, dataset, evalBits, executor: executorOf({ threads, eager }) },
      context,
    )
  } finally {
    await lock.release()
  }
}

/** A run that may begin. */
interface ReadyRun {
  readonly config: RunConfig
  readonly model: Model
  readonly dataset: Dataset
  readonly evalBits: number
  readonly executor: Executor | undefined
}

/** Trains in a folder that is this process's. */
async function trainIn(
  folder: string,
  lock: FolderLock,
  { config, model, dataset, evalBits, executor }: ReadyRun,
  context: Context,
): Promise<RunTrainResult> {
  const files = runFiles(folder)
  const [dataKey, trainKey] = split(key(config.seed))
  const setup = { config, model, folder: files.samples, bits: evalBits, executor }
  const evaluation = evaluations(setup, context)
  const store = fileStore(files.checkpoint)
  const run = train({
    model: model.network,
    loss: model.loss,
    data: dataset.batches({
      size: config.batch,
      key: dataKey,
      range: config.range ?? [0, 1],
      dequantize: config.dequantize,
      flip: config.flip,
      dropLabels: config.labels ? config.dropLabels : undefined,
    }),
    steps: config.steps,
    key: trainKey,
    rate: config.rate,
    warmUp: config.warmUp,
    ...(config.clip > 0 && { clip: config.clip }),
    ema: { decay: config.ema },
    ...(executor && { compile: executor }),
    checkpoint: {
      store: {
        load: store.load,
        async save(bytes, step) {
          await lock.check()
          await store.save(bytes, step)
        },
      },
      every: config.saveEvery,
    },
    ...(config.evalEvery > 0 && { evaluate: { every: config.evalEvery, run: evaluation.run } }),
    ...(context.signal && { signal: context.signal }),
  })
  const log = jsonLog(files.log)
  let last: Pick<RunTrainResult, 'step' | 'loss' | 'stepsPerSecond' | 'evaluation'> | undefined
  let first: number | undefined
  try {
    for await (const at of run) {
      if (first === undefined) {
        first = at.step
        context.report?.('training', first - 1, config.steps)
      }
      if (at.evaluation || at.step % config.logEvery === 0 || at.step === config.steps) {
        await lock.check()
        await keeping(run, () => log({ ...at }))
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
  const resumedFrom = first === undefined ? config.steps : first - 1
  return { folder, step: config.steps, ...last, resumedFrom, ...(samples && { samples }) }
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

/** `sgm train` */
export const declareTrain: Declare = (program, perform) => {
  const command = program
    .command('train')
    .summary('train a score model on images or points; run again to go on')
    .description(
      `Trains a score model and keeps the run in a folder: config.json, checkpoint.safetensors, log.jsonl, samples/.\n` +
        'Ctrl-C saves; the same command, or just --out, goes on to the same bits.',
    )
    .requiredOption('--out <folder>', "the run's folder")
    .option(
      '--data <what>',
      `glyphs[:SIZE][:colour], a file or folder of images,\n${densityNames.slice(0, 4).join(', ')}, … (glyphs)`,
    )
    .addOption(among('--net <name>', 'tutorial; mlp for points', networkNames))
    .addOption(among('--sde <name>', "the network's own", processNames))
    .option('--steps <n>', 'steps in all; may be raised later', count)
    .option('--batch <n>', 'data a step', count)
    .option('--rate <r>', "Adam's learning rate", positive)
    .option('--warm-up <n>', 'steps over which the rate rises', whole)
    .option('--clip <c>', 'largest norm of the gradient, 0 for none (1)', number({ least: 0 }))
    .option('--ema <d>', 'decay of the averaged weights', number({ least: 0, most: 0.999999 }))
    .option('--width <n>', "the network's base channels", count)
    .option('--blocks <n>', 'residual blocks a level; hidden layers of mlp', count)
    .addOption(among('--predict <what>', "the network's own", predictionNames))
    .addOption(among('--weighting <name>', 'balanced', ['balanced', 'likelihood']))
    .option('--sigma <s>', 'base of sigma-t (25)', number({ least: 1, open: true }))
    .option('--sigma-min <s>', 'smallest noise of ve (0.01)', positive)
    .option('--sigma-max <s>', 'largest noise of ve (50)', positive)
    .option('--beta-min <b>', 'of vp, subvp (0.1)', number({ least: 0 }))
    .option('--beta-max <b>', 'of vp, subvp (20)', positive)
    .option('--labels', 'condition on the classes, for sgm class')
    .option('--drop-labels <p>', 'share of labels dropped (0.1)', number({ least: 0, most: 1 }))
    .option('--flip', 'mirror images at random')
    .option('--no-dequantize', 'keep grey levels without noise within them')
    .option('--seed <n>', 'of weights, batches and noise (0)', whole)
    .option('--save-every <n>', 'steps between checkpoints', count)
    .option('--eval-every <n>', 'steps between pictures of samples, 0 for none', whole)
    .option('--eval-bits <n>', 'held-out data whose likelihood is found then (0)', whole)
    .option('--log-every <n>', 'steps between lines of the log', count)
  speedOptions(command).action((given: RunTrainOptions & { readonly dequantize: boolean }) => {
    const { dequantize, ...options } = given
    return perform(
      (context) => runTrain({ ...options, ...(!dequantize && { dequantize }) }, context),
      describeTrain,
      `to go on: sgm train --out ${quoted(options.out)}`,
    )
  })
}

function describeTrain({ folder, step, resumedFrom, loss, samples, evaluation }: RunTrainResult): string {
  if (loss === undefined) return `${folder} has taken its ${step} steps already; raise --steps to train on.`
  const lines = [
    `${folder}: ${step} steps${resumedFrom > 0 ? ` (${resumedFrom} of them before)` : ''}, loss ${loss.toPrecision(4)}`,
  ]
  for (const [name, value] of Object.entries(evaluation ?? {})) lines.push(`${name} ${value.toPrecision(4)}`)
  if (samples) lines.push(`samples in ${samples}`)
  lines.push(`next: sgm sample ${quoted(folder)}`)
  return lines.join('\n')
}

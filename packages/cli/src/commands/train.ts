import { cpus } from 'node:os'
import { resolve } from 'node:path'
import type { Engine } from '@sgm/tensor'
import { expected } from '@sgm/tensor/check'
import type { CheckpointInfo } from '@sgm/train'
import { continuedConfig, dataSource, identityOf, newConfig, type RunChoices } from '../config'
import type { Context } from '../context'
import { openDataset } from '../dataset'
import { openEngine, type Speed } from '../engine'
import { pasteable } from '../invocation'
import { modelOf } from '../model'
import { checkTrainedWith, explainingDamage, isThere, readConfig, runFiles, writeConfig } from '../run-folder'
import { addSettings } from '../settings/command-line'
import { flag, oneOf, whole } from '../settings/kinds'
import { isClassifier } from '../settings/names'
import { identitySettings, lengthSettings, numberSettings } from '../settings/run'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { numbers, path, speed } from '../settings/shared'
import { accuracyAt } from '../training/accuracies'
import { claimFolder } from '../training/claim'
import { type RunTrainResult, trainIn } from '../training/train-in'
import { versions } from '../versions'
import { type Declare, gather } from './command'

export type { RunTrainResult }

/** Options of {@link runTrain}. */
export interface RunTrainOptions extends RunChoices, Speed {
  /** The run's folder. One that holds a run goes on with it. */
  readonly out: string
  /** Held-out data whose bits/dim (nats of points) each evaluation finds; 0 for none. @default 0 */
  readonly evalBits?: number
  /**
   * Whether to go on though the configuration differs from the one that the weights were trained with, by an edit or by these
   * options. @default false
   */
  readonly acceptChanges?: boolean
}

/**
 * Trains a score model on images or points, or a classifier of noisy images, and keeps the run in a folder: its configuration, its last checkpoint, a log and
 * pictures of samples. A run that was stopped goes on, with the bits that an uninterrupted one would have had.
 *
 * @throws RangeError when a choice is out of range, or differs from what the run in the folder was begun with.
 * @example
 * const { step } = await runTrain({
 *   data: 'two-moons',
 *   out: 'run',
 *   width: 32,
 *   steps: 20,
 * })
 */
export async function runTrain(options: RunTrainOptions, context: Context = {}): Promise<RunTrainResult> {
  checkOptions(settings, options, context)
  const { out: folder, device, threads, eager, evalBits = 0, acceptChanges = false, ...given } = options
  const choices: RunChoices = { ...given, ...(given.data && { data: dataSource(given.data, resolve) }) }
  const stored = await readConfig(folder)
  const known = stored && continuedConfig(folder, stored, choices, acceptChanges)
  const dataset = await openDataset(known?.data ?? choices.data ?? 'glyphs')
  const config = known ?? newConfig({ ...choices, data: choices.data ?? 'glyphs' }, dataset, versions())
  if (dataset.shape.join() !== config.shape.join()) {
    throw expected('sgm', `--data of shape ${config.shape.join('×')}`, dataset.shape.join('×'))
  }
  const model = modelOf(config)
  if (evalBits > 0 && isClassifier(config.net)) {
    throw expected('sgm', `no --eval-bits with --net ${config.net}`, evalBits)
  }
  const lock = await claimFolder(folder)
  let engine: Engine | undefined
  try {
    const found = await readConfig(folder)
    if (JSON.stringify(found) !== JSON.stringify(stored)) {
      throw new Error(`sgm: expected ${folder} to stay as it was, got another run in it meanwhile`)
    }
    engine = await openEngine({ device, threads, eager })
    const by = bitsOf(engine)
    const onResume = async (saved: CheckpointInfo): Promise<void> => {
      if (!acceptChanges) checkTrainedWith(folder, config, saved)
      await writeConfig(folder, config)
      const before = saved.notes.engine
      if (before === by) return
      context.notice?.(
        `note: ${folder} was trained by ${before} and goes on by ${by}: to other bits than a run that was not stopped`,
      )
    }
    // What a checkpoint was trained with stays until that has been compared.
    if (!(await isThere(runFiles(folder).checkpoint))) await writeConfig(folder, config)
    const checkpoint = { notes: { config: JSON.stringify(identityOf(config)), engine: by }, onResume }
    const ready = { config, model, dataset, evalBits, engine, checkpoint }
    return await explainingDamage(runFiles(folder).checkpoint, () => trainIn(folder, lock, ready, context))
  } finally {
    await engine?.close()
    // A lock that cannot be removed is taken over later: it is no reason to hide how the run ended.
    await lock.release().catch(() => {})
  }
}

/** What the bits of a run depend on beside its configuration. */
function bitsOf({ description }: Engine): string {
  return `${description} (${cpus()[0]?.model ?? process.arch}, sgm ${versions().sgm})`
}

const settings: SettingsOf<RunTrainOptions> = {
  out: { ...path("the run's folder", 'folder'), required: true },
  objective: {
    help: 'likelihood: train for it, and not for good samples',
    kind: oneOf(['likelihood']),
    value: 'what',
  },
  ...identitySettings,
  ...lengthSettings,
  numbers,
  acceptChanges: { help: 'go on though the configuration is another than before', kind: flag },
  evalBits: { help: 'held-out data whose likelihood is found then (0)', kind: whole },
  ...speed,
}

/** `sgm train` */
export const declareTrain: Declare = (program, perform) => {
  const command = program
    .command('train')
    .summary('train a score model on images or points; run again to go on')
    .description(
      'Trains a score model, or a classifier of noisy images, and keeps the run in a folder.\n' +
        'Ctrl-C saves; the same command, or just --out, goes on to the same bits.',
    )
  const { numbers: _, ...own } = settings
  addSettings(addSettings(command, own), numberSettings).action(
    ({ dequantize, ...given }: { readonly dequantize: boolean; readonly out: string }) =>
      perform(
        (context) =>
          runTrain(gather({ ...given, ...(!dequantize && { dequantize }) }, numberSettings), context),
        describeTrain,
        `to go on: ${pasteable('train --out', given.out)}`,
      ),
  )
}

function describeTrain({
  folder,
  step,
  resumedFrom,
  loss,
  samples,
  evaluation,
  classifier,
}: RunTrainResult): string {
  if (loss === undefined) return `${folder} has taken its ${step} steps already; raise --steps to train on.`
  const lines = [
    `${folder}: ${step} steps${resumedFrom > 0 ? ` (${resumedFrom} of them before)` : ''}, loss ${loss.toPrecision(4)}`,
  ]
  if (evaluation) lines.push(...(classifier ? describeAccuracies : describeEvaluation)(evaluation))
  if (samples) lines.push(`samples in ${samples}`)
  lines.push(`next: ${pasteable(classifier ? 'class RUN --classifier' : 'sample', folder)}`)
  return lines.join('\n')
}

/** The likelihood of held-out data, where it was found. */
function describeEvaluation({ bitsPerDim, nats, standardError }: Readonly<Record<string, number>>): string[] {
  const mean = bitsPerDim ?? nats
  if (mean === undefined) return []
  const unit = bitsPerDim === undefined ? 'nats' : 'bits/dim'
  const error = standardError === undefined ? '' : ` ± ${standardError.toPrecision(1)}`
  return [`${mean.toPrecision(4)}${error} ${unit} of held-out data`]
}

/** The shares of held-out images that a classifier names right. */
function describeAccuracies(evaluation: Readonly<Record<string, number>>): string[] {
  const shares = Object.entries(evaluation).map(
    ([name, share]) => `${(100 * share).toFixed(1)}% at σ/α = ${name.slice(accuracyAt('').length)}`,
  )
  return [`named right of held-out images: ${shares.join(', ')}`]
}

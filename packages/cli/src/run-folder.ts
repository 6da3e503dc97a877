import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expected } from '@sgm/tensor'
import { naming, replaceFile, writeWhole } from '@sgm/tensor/node'
import { type CheckpointInfo, type CheckpointWeights, checkpointWeights } from '@sgm/train'
import { keptCheckpoints } from '@sgm/train/node'
import { changesSince, type RunConfig } from './config'
import { CHECKPOINT, CONFIG } from './files/names'
import { readIfThere } from './files/read-if-there'
import { pasteable } from './invocation'
import { quoted } from './quoted'
import { parsedConfig } from './validate'

/** The files of a run. */
export interface RunFiles {
  readonly config: string
  readonly checkpoint: string
  readonly log: string
  /** Written where `--log csv` asks for it. */
  readonly csv: string
  /** Folder of the log that TensorBoard reads, where `--log tensorboard` asks for it. */
  readonly tensorBoard: string
  /** Folder of what evaluations draw. */
  readonly samples: string
}

/** Where a run's files lie. */
export function runFiles(folder: string): RunFiles {
  return {
    config: join(folder, CONFIG),
    checkpoint: join(folder, CHECKPOINT),
    log: join(folder, 'log.jsonl'),
    csv: join(folder, 'log.csv'),
    tensorBoard: join(folder, 'tensorboard'),
    samples: join(folder, 'samples'),
  }
}

/**
 * The configuration in a run's folder, or undefined where there is none.
 *
 * @throws RangeError when the file is no configuration of a run.
 */
export async function readConfig(folder: string): Promise<RunConfig | undefined> {
  const { config: path } = runFiles(folder)
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  return parsedConfig(text, path)
}

/** The configuration in a run's folder. */
export async function knownConfig(folder: string): Promise<RunConfig> {
  const config = await readConfig(folder)
  if (!config)
    throw expected('sgm', `a folder of a run, made by: ${pasteable('train --out', folder)}`, folder)
  return config
}

/** Keeps the configuration in the run's folder, which is made when missing. */
export function writeConfig(folder: string, config: RunConfig): Promise<void> {
  return writeWhole(runFiles(folder).config, `${JSON.stringify(config, null, 2)}\n`)
}

/**
 * A run's last checkpoint.
 *
 * @throws RangeError when there is none yet.
 */
export async function readCheckpoint(folder: string): Promise<Uint8Array> {
  const bytes = await readIfThere(runFiles(folder).checkpoint)
  if (bytes) return bytes
  throw expected(
    'sgm',
    `a checkpoint in ${folder}`,
    `none: it is too young; train on with: ${pasteable('train --out', folder)}`,
  )
}

/**
 * The weights of a run's last checkpoint; the tensors are the caller's to free.
 *
 * @throws RangeError when there is none yet, or it is damaged: then with the earlier ones that are kept.
 */
export async function readWeights(folder: string): Promise<CheckpointWeights> {
  const bytes = await readCheckpoint(folder)
  return explainingDamage(runFiles(folder).checkpoint, () => checkpointWeights(bytes))
}

/** Adds to an error about a damaged checkpoint how to return to an earlier one, where there is one. */
export async function explainingDamage<T>(checkpoint: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const [latest] = await keptCheckpoints(checkpoint)
    if (
      !(error instanceof RangeError) ||
      !latest ||
      !/checkpoint with|deserialize|undamaged/.test(error.message)
    )
      throw error
    const back = `cp ${quoted(latest.path)} ${quoted(checkpoint)}`
    throw new RangeError(`${error.message} in ${checkpoint}; to return to step ${latest.step}: ${back}`, {
      cause: error,
    })
  }
}

/**
 * Compares a configuration with the one that weights were trained with.
 *
 * @throws RangeError that names what differs, and how to go on deliberately.
 */
export function checkTrainedWith(folder: string, config: RunConfig, { notes }: CheckpointInfo): void {
  const list = changesSince(notes.config, config)
  if (list.length === 0) return
  throw expected(
    'sgm',
    `${runFiles(folder).config} as the weights were trained with (undo the edit, or go on with it: ` +
      `${pasteable('train --out', folder)} --accept-changes)`,
    list.join(', '),
  )
}

/** Writes a file that a command gives, making folders on the way. */
export async function writeOutput(path: string, content: Uint8Array | string): Promise<void> {
  await naming(`sgm: could not write ${path}`, async () => {
    await mkdir(dirname(path), { recursive: true })
    await replaceFile(path, content)
  })
}

/** Whether there is something of a path. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

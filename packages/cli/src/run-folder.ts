import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expected } from '@sgm/tensor'
import { type CheckpointWeights, checkpointWeights } from '@sgm/train'
import { writeWhole } from '@sgm/train/node'
import { FORMAT, type RunConfig } from './config'

/** The files of a run. */
export interface RunFiles {
  readonly config: string
  readonly checkpoint: string
  readonly log: string
  /** Folder of what evaluations draw. */
  readonly samples: string
}

/** Where a run's files lie. */
export function runFiles(folder: string): RunFiles {
  return {
    config: join(folder, 'config.json'),
    checkpoint: join(folder, 'checkpoint.safetensors'),
    log: join(folder, 'log.jsonl'),
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
  let config: Partial<RunConfig> | undefined
  try {
    config = JSON.parse(new TextDecoder().decode(text))
  } catch {
    config = undefined
  }
  if (config?.format !== FORMAT)
    throw expected('sgm', `a configuration of format ${FORMAT} in ${path}`, 'none')
  return config as RunConfig
}

/** The configuration in a run's folder. */
export async function knownConfig(folder: string): Promise<RunConfig> {
  const config = await readConfig(folder)
  if (!config) throw expected('sgm', 'a folder of a run, made by sgm train --out FOLDER', folder)
  return config
}

/** Keeps the configuration in the run's folder, which is made when missing. */
export function writeConfig(folder: string, config: RunConfig): Promise<void> {
  return writeWhole(runFiles(folder).config, `${JSON.stringify(config, null, 2)}\n`)
}

/**
 * The weights of a run's last checkpoint; the tensors are the caller's to free.
 *
 * @throws RangeError when there is none yet, or it is damaged.
 */
export async function readWeights(folder: string): Promise<CheckpointWeights> {
  const bytes = await readIfThere(runFiles(folder).checkpoint)
  if (!bytes) throw expected('sgm', `a checkpoint in ${folder}`, 'none: it has not been trained yet')
  return checkpointWeights(bytes)
}

/** Writes a file that a command gives, making folders on the way. */
export async function writeOutput(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeWhole(path, content)
}

/** A file's bytes, or undefined where there is none: devices and pipes have no end. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expected } from '@sgm/tensor'

/** A line of a {@link jsonLog}: plain numbers, and objects of them, beside the step. */
export interface LogLine {
  /** 1, 2, … */
  readonly step: number
  readonly [name: string]: unknown
}

/**
 * Makes a log of one JSON object a line, such as the steps of a training run.
 *
 * The first line written in a run takes the place of all lines of its step and later ones, which a run that was killed
 * after its last checkpoint left behind; so that a resumed run leaves the log of an uninterrupted one. Numbers that are
 * not finite become null.
 *
 * ```ts
 * const log = jsonLog('run/log.jsonl')
 * for await (const at of run) if (at.step % 100 === 0) await log(at)
 * ```
 *
 * @param path Made with its folders when missing.
 * @returns Writes one line, whose step must be above that of the line before.
 * @throws RangeError when steps do not rise.
 */
export function jsonLog(path: string): (line: LogLine) => Promise<void> {
  let last: number | undefined
  return async (line) => {
    if (!Number.isSafeInteger(line.step) || line.step <= (last ?? 0)) {
      throw expected('jsonLog', `a step above ${last ?? 0}`, line.step)
    }
    if (last === undefined) await cut(path, line.step)
    await appendFile(path, `${JSON.stringify(line)}\n`)
    last = line.step
  }
}

/** Drops the lines from a step on, and what is no line of a log. */
async function cut(path: string, step: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const kept = text
    .split('\n')
    .filter((line) => stepOf(line) < step)
    .map((line) => `${line}\n`)
    .join('')
  if (kept === text) return
  const partial = `${path}.partial`
  try {
    await writeFile(partial, kept)
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

function stepOf(line: string): number {
  try {
    return Number((JSON.parse(line) as Partial<LogLine>).step ?? Number.NaN)
  } catch {
    return Number.NaN
  }
}

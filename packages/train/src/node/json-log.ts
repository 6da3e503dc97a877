import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkPaths } from '@sgm/tensor/check'
import { naming, replaceFile, statOf } from '@sgm/tensor/node'
import { type LogLine, rising, type WriteLine } from './log-line'

/**
 * Makes a log of one JSON object a line, such as the steps of a training run.
 *
 * The first line written in a run takes the place of all lines of its step and later ones, which a run that was killed
 * after its last checkpoint left behind; so that a resumed run leaves the log of an uninterrupted one. Numbers that are
 * not finite become null.
 *
 * @param path Made with its folders when missing, at the first line.
 * @returns Writes one line, whose step must be above that of the line before. It throws a RangeError when steps do not
 * rise, and an Error that names the file when it cannot be written.
 * @throws TypeError when `path` is no path.
 * @example
 * const log = jsonLog('run.jsonl')
 * await log({ step: 100, loss: 0.5 })
 */
export function jsonLog(path: string): WriteLine {
  checkPaths('jsonLog', { path })
  const write = (work: () => Promise<void>) => naming(`jsonLog: could not write ${path}`, work)
  return rising(
    'jsonLog',
    (step) => write(() => cut(path, step)),
    (line) => write(() => appendFile(path, `${JSON.stringify(line)}\n`)),
  )
}

/** Drops the lines from a step on, and what is no line of a log. */
async function cut(path: string, step: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  // What is no regular file, such as a pipe, holds no lines of before.
  if (!(await statOf(path))?.isFile()) return
  const text = await readFile(path, 'utf8')
  const kept = text
    .split('\n')
    .filter((line) => stepOf(line) < step)
    .map((line) => `${line}\n`)
    .join('')
  if (kept !== text) await replaceFile(path, kept)
}

function stepOf(line: string): number {
  try {
    return Number((JSON.parse(line) as Partial<LogLine>).step ?? Number.NaN)
  } catch {
    return Number.NaN
  }
}

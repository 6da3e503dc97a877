import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkPaths } from '@sgm/tensor/check'
import { naming, replaceFile, statOf } from '@sgm/tensor/node'
import { entriesOf, type LogLine, rising, type WriteLine } from './log-line'

/**
 * Makes a log of comma-separated values (RFC 4180): a line a step, a column for each name, those of objects as
 * `evaluation/nats`. A name that comes up later becomes a column then, empty before. Numbers that are not finite, and what a line
 * lacks, are left empty.
 *
 * As in {@link jsonLog} the first line written in a run takes the place of all lines of its step and later ones.
 *
 * @param path Made with its folders when missing, at the first line.
 * @returns Writes one line, whose step must be above that of the line before. It throws a RangeError when steps do not
 * rise, and an Error that names the file when it cannot be written.
 * @throws TypeError when `path` is no path.
 * @example
 * const log = csvLog('run.csv')
 * await log({ step: 100, loss: 0.5 })
 */
export function csvLog(path: string): WriteLine {
  checkPaths('csvLog', { path })
  const write = (work: () => Promise<void>): Promise<void> => naming(`csvLog: could not write ${path}`, work)
  let columns: readonly string[] = []
  const begin = async (step: number): Promise<void> => {
    await mkdir(dirname(path), { recursive: true })
    const [head = '', ...lines] = (await textOf(path)).split('\n')
    if (!head.startsWith('step,')) return
    columns = (head.match(/"(?:[^"]|"")*"|[^,]+/g) ?? []).slice(1).map(unquoted)
    await replaceFile(path, joined([head, ...lines.filter((line) => stepOf(line) < step)]))
  }
  const add = async (line: LogLine): Promise<void> => {
    const values = new Map(entriesOf(line))
    const fresh = [...values.keys()].filter((name) => !columns.includes(name))
    if (fresh.length > 0) {
      const [, ...lines] = columns.length > 0 ? (await textOf(path)).trimEnd().split('\n') : []
      columns = [...columns, ...fresh]
      const empty = ','.repeat(fresh.length)
      await replaceFile(
        path,
        joined([['step', ...columns].map(cell).join(','), ...lines.map((old) => old + empty)]),
      )
    }
    await appendFile(
      path,
      joined([[line.step, ...columns.map((name) => values.get(name))].map(cell).join(',')]),
    )
  }
  return rising(
    'csvLog',
    (step) => write(() => begin(step)),
    (line) => write(() => add(line)),
  )
}

/** A file's text; none of what is no regular file, such as a pipe. */
async function textOf(path: string): Promise<string> {
  return (await statOf(path))?.isFile() ? readFile(path, 'utf8') : ''
}

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** The step of a line; NaN of none. */
const stepOf = (line: string): number => Number.parseInt(line, 10)

/** A value in a cell, on one line. */
function cell(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const text = typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : (JSON.stringify(value) ?? '')
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name

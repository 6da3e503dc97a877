import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkFunctions, checkPaths, optionsOf } from '@sgm/tensor/check'
import { naming, replaceFile, statOf } from '@sgm/tensor/node'
import { rising, type WriteLine } from './log-line'
import { decodeRecords, encodeRecord } from './records'

/** The file in a log's folder: TensorBoard reads every file whose name holds `tfevents`. */
const FILE = 'events.out.tfevents.0.sgm'

/** What is written with is large: those who write no such log do not load it. */
const loadEvents = () => import('./events')

/** Options of {@link tensorBoardLog}. */
export interface TensorBoardLogOptions {
  /** The time that is written beside each step, in milliseconds since 1970. @default `Date.now` */
  readonly now?: () => number
}

/**
 * Makes a log that TensorBoard shows (`tensorboard --logdir FOLDER`): a curve of every finite number of a line, those of objects as
 * `evaluation/nats`.
 *
 * As in {@link jsonLog} the first line written in a run takes the place of all of its step and later ones.
 *
 * @param folder Made when missing, at the first line.
 * @returns Writes one line, whose step must be above that of the line before. It throws a RangeError when steps do not
 * rise, and an Error that names the file when it cannot be written.
 * @throws TypeError when `folder` is no path.
 * @example
 * const log = tensorBoardLog('tensorboard')
 * await log({ step: 100, loss: 0.5 })
 */
export function tensorBoardLog(folder: string, options: TensorBoardLogOptions = {}): WriteLine {
  const { now = Date.now } = optionsOf('tensorBoardLog', options, { now: true })
  checkPaths('tensorBoardLog', { folder })
  checkFunctions('tensorBoardLog', { now })
  const path = join(folder, FILE)
  const write = (work: () => Promise<void>): Promise<void> =>
    naming(`tensorBoardLog: could not write ${path}`, work)
  return rising(
    'tensorBoardLog',
    (step) => write(() => cut(path, step, now() / 1000)),
    (line) =>
      write(async () => {
        const { scalars } = await loadEvents()
        await appendFile(path, encodeRecord(scalars(line, now() / 1000)))
      }),
  )
}

/** Drops the events from a step on, and what is no event; begins a file where there is none. */
async function cut(path: string, step: number, seconds: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const { stepOf, version } = await loadEvents()
  const there = (await statOf(path))?.isFile() ? decodeRecords(await readFile(path)) : []
  const kept = there.filter((event) => stepOf(event) < step)
  const events = kept.length > 0 ? kept : [version(seconds)]
  await replaceFile(path, Buffer.concat(events.map(encodeRecord)))
}

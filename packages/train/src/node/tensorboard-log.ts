import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { checkFunctions, checkPaths, optionsOf } from '@sgm/tensor/check'
import { naming, replaceFile, statOf } from '@sgm/tensor/node'
import { entriesOf, type LogLine, rising, type WriteLine } from './log-line'
import { decodeRecords, encodeRecord } from './records'

/** The file in a log's folder: TensorBoard reads every file whose name holds `tfevents`. */
const FILE = 'events.out.tfevents.0.sgm'

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
    (line) => write(() => appendFile(path, encodeRecord(scalars(line, now() / 1000)))),
  )
}

/** Fields of the messages Event, Summary and Summary.Value: tensorboard/compat/proto/event.proto, summary.proto. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 }
const SUMMARY = { value: 1 }
const VALUE = { tag: 1, simpleValue: 2 }

/** An event of the numbers of a line. */
function scalars(line: LogLine, seconds: number): Uint8Array {
  const writer = begun(seconds)
  writer.tag(EVENT.step, WireType.Varint).int64(line.step)
  writer.tag(EVENT.summary, WireType.LengthDelimited).fork()
  for (const [name, value] of entriesOf(line)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue
    writer.tag(SUMMARY.value, WireType.LengthDelimited).fork()
    writer.tag(VALUE.tag, WireType.LengthDelimited).string(name)
    writer.tag(VALUE.simpleValue, WireType.Bit32).float(Math.fround(value))
    writer.join()
  }
  return writer.join().finish()
}

/** The event that every file begins with. */
function version(seconds: number): Uint8Array {
  return begun(seconds).tag(EVENT.fileVersion, WireType.LengthDelimited).string('brain.Event:2').finish()
}

function begun(seconds: number): BinaryWriter {
  return new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(seconds)
}

/** Drops the events from a step on, and what is no event; begins a file where there is none. */
async function cut(path: string, step: number, seconds: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const there = (await statOf(path))?.isFile() ? decodeRecords(await readFile(path)) : []
  const kept = there.filter((event) => stepOf(event) < step)
  const events = kept.length > 0 ? kept : [version(seconds)]
  await replaceFile(path, Buffer.concat(events.map(encodeRecord)))
}

/** The step of an event; 0 of one without. */
function stepOf(event: Uint8Array): number {
  const reader = new BinaryReader(event)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === EVENT.step && type === WireType.Varint) return Number(reader.int64())
    reader.skip(type, field)
  }
  return 0
}

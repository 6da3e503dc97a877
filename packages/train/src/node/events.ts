import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { entriesOf, type LogLine } from './log-line'

/** Fields of the messages Event, Summary and Summary.Value: tensorboard/compat/proto/event.proto, summary.proto. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 }
const SUMMARY = { value: 1 }
const VALUE = { tag: 1, simpleValue: 2 }

/** An event of the numbers of a line. */
export function scalars(line: LogLine, seconds: number): Uint8Array {
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
export function version(seconds: number): Uint8Array {
  return begun(seconds).tag(EVENT.fileVersion, WireType.LengthDelimited).string('brain.Event:2').finish()
}

function begun(seconds: number): BinaryWriter {
  return new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(seconds)
}

/** The step of an event; 0 of one without. */
export function stepOf(event: Uint8Array): number {
  const reader = new BinaryReader(event)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === EVENT.step && type === WireType.Varint) return Number(reader.int64())
    reader.skip(type, field)
  }
  return 0
}

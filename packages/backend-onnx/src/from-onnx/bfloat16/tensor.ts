import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { elementType } from '../../proto'
import { changed, dropped, integersOf, textOf, valuesOf } from './fields'

/** The format's number of the element type. */
export const BFLOAT16 = 16

/** Bytes of a file beside a model. */
export interface Span {
  readonly file: string
  readonly offset: number
  readonly length: number
}

/** What a model that is widened has in files. */
export interface Files {
  /** Its tensors of bfloat16, in the order in which {@link WIDE} holds them as float32. */
  readonly widened: Span[]
  /** Where the others are. */
  readonly kept: Set<string>
}

/** The name of the file that stands for those with tensors of bfloat16. */
export const WIDE = 'bfloat16-as-float32'

// Fields of TensorProto; those of the entries of external_data.
const [DIMS, TYPE, INT32, RAW, EXTERNAL, PLACE] = [1, 2, 5, 9, 13, 14]
const [KEY, VALUE] = [1, 2]
/** Of `data_location`: outside. */
const OUTSIDE = 1

/** A TensorProto: of bfloat16 the same in float32, any other as it is. */
export function tensorWidened(bytes: Uint8Array, files: Files): Uint8Array {
  const at = placeOf(bytes)
  const file = at.get('location')
  if (!integersOf(bytes, TYPE).includes(BFLOAT16)) {
    if (file !== undefined) files.kept.add(file)
    return bytes
  }
  const writer = new BinaryWriter()
  writer.raw(changed(bytes, { [TYPE]: dropped, [INT32]: dropped, [RAW]: dropped, [EXTERNAL]: dropped, [PLACE]: dropped })) // biome-ignore format: fields
  writer.tag(TYPE, WireType.Varint).int32(elementType.float32)
  if (file === undefined)
    return writer
      .tag(RAW, WireType.LengthDelimited)
      .bytes(widened(wordsOf(bytes)))
      .finish()
  const length = 2 * integersOf(bytes, DIMS).reduce((a, b) => a * b, 1)
  const before = files.widened.reduce((sum, span) => sum + span.length, 0)
  files.widened.push({ file, offset: Number(at.get('offset') ?? 0), length })
  writer.tag(PLACE, WireType.Varint).int32(OUTSIDE)
  for (const [key, value] of [
    ['location', WIDE],
    ['offset', 2 * before],
    ['length', 2 * length],
  ] as const) {
    // biome-ignore format: rows
    writer.tag(EXTERNAL, WireType.LengthDelimited).fork()
    writer.tag(KEY, WireType.LengthDelimited).string(key)
    writer.tag(VALUE, WireType.LengthDelimited).string(String(value)).join()
  }
  return writer.finish()
}

/** Numbers of bfloat16, two bytes each, as float32: the upper halves of four. */
export function widened(words: Uint8Array): Uint8Array {
  const wide = new Uint8Array(2 * words.length)
  for (let i = 0; i < words.length; i += 2) {
    wide[2 * i + 2] = words[i]!
    wide[2 * i + 3] = words[i + 1]!
  }
  return wide
}

/** Where a tensor is that is not in the model: its file, `location`, and `offset`. */
function placeOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  const entries = valuesOf(bytes, EXTERNAL).filter((value) => value instanceof Uint8Array)
  return new Map(entries.map((entry) => [textOf(entry, KEY), textOf(entry, VALUE)]))
}

/** The numbers of a tensor as bytes; the format has those of 16 bits as integers too. */
function wordsOf(bytes: Uint8Array): Uint8Array {
  const raw = valuesOf(bytes, RAW).at(-1)
  if (raw instanceof Uint8Array && raw.length > 0) return raw
  return new Uint8Array(Uint16Array.from(integersOf(bytes, INT32)).buffer)
}

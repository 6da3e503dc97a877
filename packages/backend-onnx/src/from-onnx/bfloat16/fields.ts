import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** Reads the value of a field, and writes what stands in its place. */
export type Rule = (reader: BinaryReader, writer: BinaryWriter, field: number, wire: WireType) => void

/** What becomes of a message's fields, by their numbers; the others stay as they are. */
export type Rules = Readonly<Record<number, Rule>>

/** What a field may hold here: bytes, or an integer. */
export type FieldValue = Uint8Array | number

/** A message with some fields changed. @throws Error when the bytes are no message. */
export function changed(bytes: Uint8Array, rules: Rules): Uint8Array {
  const reader = new BinaryReader(bytes)
  const writer = new BinaryWriter()
  while (reader.pos < reader.len) {
    const start = reader.pos
    const [field, wire] = reader.tag()
    const rule = rules[field]
    if (rule) rule(reader, writer, field, wire)
    else {
      reader.skip(wire, field)
      writer.raw(bytes.subarray(start, reader.pos))
    }
  }
  return writer.finish()
}

/** A message inside another, as `change` makes it. */
export const inside =
  (change: (bytes: Uint8Array) => Uint8Array): Rule =>
  (reader, writer, field) => {
    writer.tag(field, WireType.LengthDelimited).bytes(change(reader.bytes()))
  }

/** An integer in another's place. */
export const replaced =
  (from: number, to: number): Rule =>
  (reader, writer, field) => {
    const value = reader.int64()
    writer.tag(field, WireType.Varint).int64(Number(value) === from ? to : value)
  }

/** Leaves a field out. */
export const dropped: Rule = (reader, _, field, wire) => {
  reader.skip(wire, field)
}

/** All that a field of a message holds, in order. */
export function valuesOf(bytes: Uint8Array, wanted: number): FieldValue[] {
  const reader = new BinaryReader(bytes)
  const found: FieldValue[] = []
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag()
    if (field === wanted && wire === WireType.LengthDelimited) found.push(reader.bytes())
    else if (field === wanted && wire === WireType.Varint) found.push(Number(reader.int64()))
    else reader.skip(wire, field)
  }
  return found
}

/** Integers of a field, which stand one by one or in rows. */
export function integersOf(bytes: Uint8Array, wanted: number): number[] {
  return valuesOf(bytes, wanted).flatMap((value) => {
    if (typeof value === 'number') return [value]
    const reader = new BinaryReader(value)
    const row: number[] = []
    while (reader.pos < reader.len) row.push(Number(reader.int64()))
    return row
  })
}

/** The text of a field. @default none */
export function textOf(bytes: Uint8Array, wanted: number): string {
  const value = valuesOf(bytes, wanted).at(-1)
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : ''
}

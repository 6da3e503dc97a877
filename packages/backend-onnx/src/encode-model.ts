import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type {
  AttributeProto,
  DimensionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  OperatorSetProto,
  SequenceTypeProto,
  ShapeProto,
  TensorProto,
  TensorTypeProto,
  TypeProto,
  ValueInfoProto,
} from './proto'

type Write<T> = (writer: BinaryWriter, value: T) => void

/** How values of a type are written, and the format's mark for their form. */
interface Kind<T> {
  readonly wire: WireType
  readonly write: Write<T>
}

const int64: Kind<number> = { wire: WireType.Varint, write: (writer, value) => writer.int64(value) }
const float: Kind<number> = { wire: WireType.Bit32, write: (writer, value) => writer.float(value) }
const string: Kind<string> = {
  wire: WireType.LengthDelimited,
  write: (writer, value) => writer.string(value),
}
const bytes: Kind<Uint8Array> = {
  wire: WireType.LengthDelimited,
  write: (writer, value) => writer.bytes(value),
}

/** A field that may be left out. */
const field =
  <T>(id: number, { wire, write }: Kind<T>): Write<T | undefined> =>
  (writer, value) => {
    if (value !== undefined) write(writer.tag(id, wire), value)
  }

const list = <T>(id: number, kind: Kind<T>): Write<readonly T[] | undefined> => {
  const write = field(id, kind)
  return (writer, values) => {
    for (const value of values ?? []) write(writer, value)
  }
}

/** The fields of a message, none of which may be forgotten. */
type Fields<M> = { readonly [K in keyof M]-?: Write<M[K]> }

const fields =
  <M>(writers: Fields<M>): Write<M> =>
  (writer, message) => {
    for (const name in writers) writers[name](writer, message[name])
  }

/** A message inside another. */
function message<M>(writers: Fields<M>): Kind<M> {
  const write = fields(writers)
  return {
    wire: WireType.LengthDelimited,
    write: (writer, value) => {
      writer.fork()
      write(writer, value)
      writer.join()
    },
  }
}

const attribute = message<AttributeProto>({
  name: field(1, string),
  f: field(2, float),
  i: field(3, int64),
  s: field(4, bytes),
  ints: list(8, int64),
  type: field(20, int64),
})

const node = message<NodeProto>({
  input: list(1, string),
  output: list(2, string),
  name: field(3, string),
  opType: field(4, string),
  attribute: list(5, attribute),
  domain: field(7, string),
})

const tensor = message<TensorProto>({
  dims: list(1, int64),
  dataType: field(2, int64),
  name: field(8, string),
  rawData: field(9, bytes),
})

const dimension = message<DimensionProto>({ dimValue: field(1, int64), dimParam: field(2, string) })
const shape = message<ShapeProto>({ dim: list(1, dimension) })
const tensorType = message<TensorTypeProto>({ elemType: field(1, int64), shape: field(2, shape) })
const type: Kind<TypeProto> = message<TypeProto>({
  tensorType: field(1, tensorType),
  sequenceType: (writer, value) => field(4, sequenceType)(writer, value),
})
const sequenceType = message<SequenceTypeProto>({ elemType: field(1, type) })
const valueInfo = message<ValueInfoProto>({ name: field(1, string), type: field(2, type) })

const graph = message<GraphProto>({
  node: list(1, node),
  name: field(2, string),
  initializer: list(5, tensor),
  input: list(11, valueInfo),
  output: list(12, valueInfo),
})

const operatorSet = message<OperatorSetProto>({ domain: field(1, string), version: field(2, int64) })

const model = fields<ModelProto>({
  irVersion: field(1, int64),
  producerName: field(2, string),
  graph: field(7, graph),
  opsetImport: list(8, operatorSet),
})

/** The bytes of an `.onnx` file. */
export function encodeModel(proto: ModelProto): Uint8Array {
  const writer = new BinaryWriter()
  model(writer, proto)
  return writer.finish()
}

import protobuf from 'protobufjs/light.js'

/** An ONNX model as plain data, in the field names of the format's own schema. */
export interface ModelProto {
  irVersion: number
  producerName: string
  opsetImport: { domain: string; version: number }[]
  graph: GraphProto
}

/** A graph: nodes in an order in which each comes after what it reads. */
export interface GraphProto {
  name: string
  node: NodeProto[]
  initializer: TensorProto[]
  input: ValueInfoProto[]
  output: ValueInfoProto[]
}

/** One operator call. */
export interface NodeProto {
  input: string[]
  output: string[]
  name: string
  opType: string
  attribute: AttributeProto[]
}

/** A named attribute; `type` says which of the others holds. */
export interface AttributeProto {
  name: string
  type: number
  f?: number
  i?: number
  s?: Uint8Array
  ints?: number[]
}

/** A constant tensor, its values as little-endian bytes. */
export interface TensorProto {
  dims: number[]
  dataType: number
  name: string
  rawData: Uint8Array
}

/** Name, element type and shape of a graph's input or output. */
export interface ValueInfoProto {
  name: string
  type: TypeProto
}

/** What a value is: a tensor, or a sequence of such. */
export interface TypeProto {
  tensorType?: { elemType: number; shape: { dim: { dimValue?: number; dimParam?: string }[] } }
  sequenceType?: { elemType: TypeProto }
}

/** Numbers that the format gives element types. */
export const elementType = { float32: 1, int32: 6, int64: 7, bool: 9 } as const

/** Numbers that the format gives kinds of attributes. */
export const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const

const field = (id: number, type: string, rule?: 'repeated') => ({ id, type, ...(rule && { rule }) })

const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: field(8, 'OperatorSet', 'repeated'),
      },
    },
    OperatorSet: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Graph: {
      fields: {
        node: field(1, 'Node', 'repeated'),
        name: field(2, 'string'),
        initializer: field(5, 'Tensor', 'repeated'),
        input: field(11, 'ValueInfo', 'repeated'),
        output: field(12, 'ValueInfo', 'repeated'),
      },
    },
    Node: {
      fields: {
        input: field(1, 'string', 'repeated'),
        output: field(2, 'string', 'repeated'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: field(5, 'Attribute', 'repeated'),
      },
    },
    Attribute: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        s: field(4, 'bytes'),
        ints: field(8, 'int64', 'repeated'),
        type: field(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        dims: field(1, 'int64', 'repeated'),
        dataType: field(2, 'int32'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
      },
    },
    ValueInfo: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensorType: field(1, 'TensorType'), sequenceType: field(4, 'SequenceType') } },
    SequenceType: { fields: { elemType: field(1, 'Type') } },
    TensorType: { fields: { elemType: field(1, 'int32'), shape: field(2, 'Shape') } },
    Shape: { fields: { dim: field(1, 'Dimension', 'repeated') } },
    Dimension: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
})

/** The bytes of an `.onnx` file. */
export function encodeModel(model: ModelProto): Uint8Array {
  return root.lookupType('Model').encode(model).finish().slice()
}

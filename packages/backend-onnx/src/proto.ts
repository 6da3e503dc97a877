/** An ONNX model as plain data, in the field names of the format's own schema. */
export interface ModelProto {
  irVersion: number
  producerName: string
  opsetImport: OperatorSetProto[]
  graph: GraphProto
}

/** Which operators a model is made of. */
export interface OperatorSetProto {
  domain: string
  version: number
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
  /** Whose operator it is. @default ONNX's own */
  domain?: string | undefined
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
  tensorType?: TensorTypeProto
  sequenceType?: SequenceTypeProto
}

/** The elements and the shape of a tensor. */
export interface TensorTypeProto {
  elemType: number
  shape: ShapeProto
}

/** What a sequence holds. */
export interface SequenceTypeProto {
  elemType: TypeProto
}

/** The axes of a shape. */
export interface ShapeProto {
  dim: DimensionProto[]
}

/** A size, or the name of one that may vary. */
export interface DimensionProto {
  dimValue?: number
  dimParam?: string
}

/** Numbers that the format gives element types. */
export const elementType = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 } as const

/** Numbers that the format gives kinds of attributes. */
export const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const

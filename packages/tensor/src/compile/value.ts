/** The element types a graph knows. */
export type GraphDType = 'float32' | 'int32' | 'bool'

/** A tensor of a graph before it has values. */
export interface Value {
  readonly id: number
  readonly shape: readonly number[]
  readonly dtype: GraphDType
}

import type { Node, Value } from '@sgm/tensor'
import { elementwise } from './lower/elementwise'
import { axesOf } from './lower/reduce'

/**
 * What a call makes of operands that are cut into as many equal parts along their first axis: `rows`, when the parts of its result
 * depend on those parts alone; `sum`, when its result is the sum (for means: the mean) of what it makes of the parts. Nothing
 * is known of other calls.
 */
export type Cut = 'rows' | 'sum' | undefined

/** Whether a value is cut. Asked of operands only. */
type IsCut = (value: Value) => boolean

type Rule = (node: Node, isCut: IsCut, parts: number) => Cut

/** @param isCut True of one operand at least. */
export function cutOf(node: Node, isCut: IsCut, parts: number): Cut {
  return rules[node.kernel]?.(node, isCut, parts)
}

/** Whether an operand that is not cut itself has to be, for it meets those that are row by row. */
export function meetsRows({ kernel, outputs }: Node, { shape }: Value): boolean {
  if (!MEETING.has(kernel)) return false
  const [rows] = outputs[0]!.shape
  const rank = outputs[0]!.shape.length - (kernel === 'Pack' ? 1 : 0)
  return shape.length === rank && shape[0] === rows
}

/** A call's attributes when its output has another number of rows. */
export function attributesOf({ kernel, attributes }: Node, { shape }: Value): Node['attributes'] {
  const name = SHAPES[kernel]
  return name && name in attributes ? { ...attributes, [name]: [...shape] } : attributes
}

/** Where attributes give the shape of the output. */
const SHAPES: Readonly<Record<string, string>> = { Reshape: 'shape', Slice: 'size' }

const when = (holds: boolean, cut: Cut = 'rows'): Cut => (holds ? cut : undefined)
const attribute = <T>({ attributes }: Node, name: string): T => attributes[name] as T
const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
const rankOf = ({ inputs }: Node): number => Object.values(inputs)[0]!.shape.length

/** Rows of operands meet rows of operands of the same rank; what is not cut is repeated or will be cut. */
const meeting: Rule = ({ inputs, outputs }, isCut) => {
  const { shape } = outputs[0]!
  return when(
    Object.values(inputs).every(
      (value) => !isCut(value) || (value.shape.length === shape.length && value.shape[0] === shape[0]),
    ),
  )
}

const ifAlong =
  (name: string): Rule =>
  (node) =>
    when(fromFront(attribute(node, name), rankOf(node)) !== 0)

const reduction =
  (axesName = 'axis', across: Cut = undefined): Rule =>
  (node) =>
    axesOf(node, axesName).includes(0) ? across : 'rows'

const matMul: Rule = (node, isCut) => {
  const { a, b } = node.inputs as { a: Value; b: Value }
  const { shape } = node.outputs[0]!
  if (shape.length > 2) {
    const keepsRows = (value: Value): boolean =>
      value.shape.length < shape.length || value.shape[0] === 1 ? !isCut(value) : isCut(value)
    return when(keepsRows(a) && keepsRows(b))
  }
  const { transposeA, transposeB } = node.attributes
  if (isCut(a) && isCut(b)) return when(Boolean(transposeA) && !transposeB, 'sum')
  return when(isCut(a) && !transposeA)
}

const gather: Rule = (node, isCut) => {
  const { x, indices } = node.inputs as { x: Value; indices: Value }
  const axis = fromFront(attribute(node, 'axis'), x.shape.length)
  if (attribute(node, 'batchDims') || indices.shape.length === 0) return undefined
  if (isCut(indices)) return when(!isCut(x) && axis === 0)
  return when(axis !== 0)
}

/** Equal parts of the elements in order, however they are shaped. */
const splitting: Rule = ({ outputs }, _isCut, parts) => when(outputs[0]!.shape[0]! % parts === 0)

const rules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.keys(elementwise).map((kernel) => [kernel, meeting])),
  BatchMatMul: matMul,
  GatherV2: gather,

  Sum: reduction('axis', 'sum'),
  Mean: reduction('axis', 'sum'),
  Prod: reduction(),
  Min: reduction(),
  Max: reduction('reductionIndices'),
  ArgMax: ifAlong('axis'),
  ArgMin: ifAlong('axis'),
  Softmax: (node) => when(rankOf(node) > 1),

  Concat: (node, isCut, parts) => ifAlong('axis')(node, isCut, parts) && meeting(node, isCut, parts),
  Cumsum: ifAlong('axis'),
  ExpandDims: splitting,
  OneHot: () => 'rows',
  Pack: (node) => when(fromFront(attribute(node, 'axis'), rankOf(node) + 1) !== 0),
  PadV2: (node) => when(attribute<number[][]>(node, 'paddings')[0]!.every((n) => n === 0)),
  Reshape: splitting,
  Reverse: (node) => {
    const dims = [attribute<number | number[]>(node, 'dims')].flat()
    return when(dims.every((axis) => fromFront(axis, rankOf(node)) !== 0))
  },
  Slice: ({ inputs, outputs }) => when(outputs[0]!.shape[0] === inputs.x!.shape[0]),
  SplitV: ifAlong('axis'),
  Tile: (node) => when(attribute<number[]>(node, 'reps')[0] === 1),
  Transpose: (node) => when(attribute<number[]>(node, 'perm')[0] === 0),
  Unpack: ifAlong('axis'),
  UnsortedSegmentSum: ({ inputs }, isCut) => when(Object.values(inputs).every(isCut), 'sum'),
}

const MEETING: ReadonlySet<string> = new Set([...Object.keys(elementwise), 'Concat', 'Pack'])

import { checkTensor, expected, expectedType, formatShape } from '../check'
import type { Shape, Tensor, TensorOrNumber } from '../types'

/**
 * The shape that two shapes broadcast to, by NumPy's rule: axes are aligned at the end and a size of 1
 * stretches.
 *
 * @param a Shape of the first operand.
 * @param b Shape of the second.
 * @throws RangeError when two aligned sizes differ and neither is 1.
 * @example
 * broadcastShapes([3, 1], [4]) // → [3, 4]
 */
export function broadcastShapes(a: Shape, b: Shape, where = 'broadcastShapes'): number[] {
  for (const shape of [a, b]) {
    if (!Array.isArray(shape)) throw expectedType(where, 'shapes: arrays of integers', shape)
  }
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1
    const n = b[b.length - rank + i] ?? 1
    if (m !== n && m !== 1 && n !== 1) {
      throw expected(where, 'shapes that broadcast', `${formatShape(a)} and ${formatShape(b)}`)
    }
    return m === 1 ? n : m
  })
}

/** Throws unless the operands are tensors or numbers whose shapes broadcast. */
export function checkBroadcast(where: string, a: TensorOrNumber, b: TensorOrNumber): void {
  const shapeA = operandShape(where, a)
  const shapeB = operandShape(where, b)
  if (shapeA.length > 0 && shapeB.length > 0) broadcastShapes(shapeA, shapeB, where)
}

/** `axis` counted from the front. @throws RangeError when the tensor has no such axis. */
export function checkAxis(where: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw expected(where, `axis to be an integer in [${-rank}, ${rank - 1}]`, axis)
  }
  return axis < 0 ? axis + rank : axis
}

/** Like {@link checkAxis} for one axis, several, or all of them. */
export function checkAxes(where: string, axes: number | Shape | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i)
  if (typeof axes !== 'number' && !Array.isArray(axes))
    throw expectedType(where, 'axes: integers in an array', axes)
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => checkAxis(where, axis, rank))
  if (new Set(list).size !== list.length) throw expected(where, 'each axis once', formatShape(list))
  return list
}

/** Throws unless `x` is a bool tensor. */
export function checkBool(where: string, x: Tensor): void {
  checkTensor(where, x)
  if (x.dtype !== 'bool') throw expectedType(where, 'a bool tensor', `dtype ${x.dtype}`)
}

function operandShape(where: string, x: TensorOrNumber): Shape {
  if (typeof x === 'number') return []
  checkTensor(where, x)
  return x.shape
}

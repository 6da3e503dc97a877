import * as tf from '@tensorflow/tfjs'
import { checkLists, checkShape, checkTensor, expected, formatShape } from '../check'
import { isCount } from '../check/sizes'
import { tidy } from '../memory'
import { made, raw, wrap } from '../tf'
import type { Shape, Tensor } from '../types'
import { checkAxis } from './broadcast'
import { promoteAll } from './dtypes'
import { expandDims } from './shape'

/**
 * Tensors joined along an axis they may differ in, in the widest of their element types.
 *
 * @example
 * concat([tensor([[1], [2]]), tensor([[3], [4]])], 1) // → [[1, 3], [2, 4]]
 */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  const first = firstOf('concat', parts)
  const at = checkAxis('concat', axis, first.shape.length)
  for (const part of parts) {
    if (
      part.shape.length !== first.shape.length ||
      part.shape.some((n, i) => i !== at && n !== first.shape[i])
    ) {
      throw expected(
        'concat',
        `shapes equal to ${formatShape(first.shape)} but on axis ${at}`,
        formatShape(part.shape),
      )
    }
  }
  return made(() => tf.concat(promoteAll('concat', 'bool', parts), at))
}

/**
 * Tensors of one shape joined along a new axis, in the widest of their element types.
 *
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]) // → [[1, 2], [3, 4]]
 */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  const first = firstOf('stack', parts)
  for (const { shape } of parts) checkShape('stack', 'tensors', shape, first.shape)
  const at = checkAxis('stack', axis, first.shape.length + 1)
  return tidy(() =>
    concat(
      parts.map((part) => expandDims(part, at)),
      at,
    ),
  )
}

/** The first of some tensors. */
function firstOf(where: string, parts: readonly Tensor[]): Tensor {
  checkLists(where, { parts })
  if (parts.length === 0) throw expected(where, 'at least one tensor', 'none')
  for (const part of parts) checkTensor(where, part)
  return parts[0]!
}

/**
 * Parts of the given sizes along an axis; one number means that many equal parts.
 *
 * @param parts How many of the same size, or the sizes of the parts.
 * @example
 * const [left, right] = splitAxis(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   2,
 *   1,
 * )
 * left! // → [[1], [3]]
 * right! // → [[2], [4]]
 */
export function splitAxis(x: Tensor, parts: number | Shape, axis = 0): Tensor[] {
  checkTensor('splitAxis', x)
  const at = checkAxis('splitAxis', axis, x.shape.length)
  const length = x.shape[at]!
  if (typeof parts !== 'number') checkLists('splitAxis', { parts })
  const sizes = typeof parts === 'number' ? equalParts(length, parts) : [...parts]
  if (!sizes.every(isCount) || sizes.reduce((a, b) => a + b, 0) !== length) {
    throw expected('splitAxis', `sizes that add to ${length}`, parts)
  }
  return tf.split(raw(x), sizes, at).map(wrap)
}

/** More tensors than these are a slip: each takes some kilobytes. */
const MOST_PARTS = 2 ** 20

function equalParts(length: number, count: number): number[] {
  return isCount(count) && isCount(length / count) && count <= MOST_PARTS
    ? Array<number>(count).fill(length / count)
    : []
}

/**
 * The slices along an axis, without it.
 *
 * @example
 * const [first, second] = unstack(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 * )
 * second! // → [3, 4]
 */
export function unstack(x: Tensor, axis = 0): Tensor[] {
  checkTensor('unstack', x)
  return tf.unstack(raw(x), checkAxis('unstack', axis, x.shape.length)).map(wrap)
}

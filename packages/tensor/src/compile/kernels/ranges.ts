import * as tf from '@tensorflow/tfjs'
import type { Frozen } from './kernel'

/** Attributes of Slice. */
export type Slicing = Frozen<tf.SliceAttrs>

/** Attributes of StridedSlice. */
export type Striding = Pick<Frozen<tf.StridedSliceAttrs>, 'begin' | 'end' | 'strides'> &
  Partial<Frozen<tf.StridedSliceAttrs>>

/**
 * Where a slice of a value of the given shape begins along each axis, and its shape.
 *
 * @param options The attributes of the kernel.
 * @example
 * sliceRange({ begin: [1], size: [-1] }, [4]) // → { begin: [1], size: [3] }
 */
export function sliceRange({ begin, size }: Slicing, shape: readonly number[]) {
  const [begins, sizes] = tf.slice_util.parseSliceParams(
    { shape: [...shape] } as tf.Tensor,
    begin as tf.SliceAttrs['begin'],
    size as tf.SliceAttrs['size'],
  )
  return { begin: begins as readonly number[], size: sizes as readonly number[] }
}

/**
 * Where a strided slice begins, ends and how it strides along each axis, and the shape of its result, in which axes may be gone or new.
 *
 * @param attributes Those of the kernel.
 * @example
 * const masks = {
 *   beginMask: 0,
 *   endMask: 0,
 *   ellipsisMask: 0,
 *   newAxisMask: 0,
 *   shrinkAxisMask: 0,
 * }
 * const everySecond = { begin: [0], end: [4], strides: [2], ...masks }
 * stridedRange(everySecond, [4]).shape // → [2]
 */
export function stridedRange(attributes: Striding, shape: readonly number[]) {
  const { begin, end, strides } = attributes as Pick<tf.StridedSliceAttrs, 'begin' | 'end' | 'strides'>
  const { beginMask = 0, endMask = 0, ellipsisMask = 0, newAxisMask = 0, shrinkAxisMask = 0 } = attributes
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const
  const info = tf.slice_util.sliceInfo([...shape], begin, end, strides, ...masks)
  return { begin: info.begin, end: info.end, strides: info.strides, shape: info.finalShape }
}

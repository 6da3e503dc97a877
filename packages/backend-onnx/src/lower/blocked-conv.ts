import type { Geometry, Value } from '@sgm/tensor/compile'
import type { Context } from './context'
import { CHANNELS_FIRST, type Size4 } from './geometry'

/** ONNX Runtime's own operators on images whose channels lie in blocks, `[B, C/b, H, W, b]`. */
export const BLOCKED = 'com.microsoft.nchwc'

/**
 * Whether a convolution is written on blocks of channels, which takes half the time of one on images as they lie, the way there and back
 * counted. ONNX Runtime does so by itself where the filter is a constant; one tap alone is a product already.
 */
export function isBlocked(context: Context, filter: Value): boolean {
  const { builder, channelBlock } = context
  const [h, w, channels, filters] = filter.shape as Size4
  if (channelBlock === undefined || h * w === 1) return false
  const fits = channels % channelBlock === 0 && filters % channelBlock === 0
  return fits && !builder.isConstant(context.placed(filter).name)
}

/**
 * A convolution on blocks of channels.
 *
 * @param taps The filter as `[taps, channels, filters]`.
 */
export function blockedConv(
  context: Context,
  image: Value,
  taps: string,
  channels: number,
  filters: number,
  { kernel, strides, dilations, pads }: Pick<Geometry, 'kernel' | 'strides' | 'dilations' | 'pads'>,
): string {
  const { builder } = context
  const block = context.channelBlock!
  const plain = context.as(image, CHANNELS_FIRST)
  const blocks = context.once(`blocks ${plain}`, () => builder.op('ReorderInput', [plain], {}, BLOCKED))
  const parts = [kernel[0] * kernel[1], channels / block, block, filters / block, block]
  const parted = builder.reshape(taps, parts)
  const ordered = builder.op('Transpose', [parted], { perm: [3, 1, 0, 2, 4] })
  const filter = builder.reshape(ordered, [filters, channels, ...kernel])
  const attributes = { kernel_shape: kernel, strides, dilations, pads }
  const product = builder.op('Conv', [blocks, filter], attributes, BLOCKED)
  return builder.op('ReorderOutput', [product], { channels: filters }, BLOCKED)
}

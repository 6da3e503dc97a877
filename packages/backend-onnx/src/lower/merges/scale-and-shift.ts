import type { Node, Value } from '@sgm/tensor/compile'
import { sameOrder } from '../../layout'
import type { Context } from '../context'
import { CHANNELS_FIRST, type Size4 } from '../geometry'
import { eitherWay, type Finder, type Merge } from './merge'

/** Images `[B, H, W, C]` times one number an image and channel, plus another, plus other images. */
interface ScaleAndShift {
  readonly images: Value
  readonly scale: Value
  readonly shift: Value
  readonly others?: Value
}

/**
 * `images · scale + shift`, or `others + images · scale + shift`, each sum and product either way round, as a normalisation and its gradient have
 * them. ONNX Runtime's BatchNormalization does both at once, with each image's channels as channels of one image, in less than half of the time of a
 * Mul and an Add.
 */
export const scaleAndShift: Finder = (node, reading) => {
  if (node.kernel !== 'Add' || !isImages(node.outputs[0]!)) return undefined
  for (const [sum, shift] of eitherWay(node)) {
    const made = reading.makerForOne(sum)
    if (!made || !isPerChannel(shift, sum)) continue
    const product = scaled(made)
    if (product) return merge([made], { ...product, shift })
    if (made.kernel !== 'Add') continue
    for (const [term, others] of eitherWay(made)) {
      const inner = reading.makerForOne(term)
      const product =
        inner && others.shape.length === 4 && `${others.shape}` === `${sum.shape}` && scaled(inner)
      if (product) return merge([inner, made], { ...product, shift, others })
    }
  }
  return undefined
}

const merge = (inner: readonly Node[], parts: ScaleAndShift): Merge => ({
  inner,
  pays: (context) => sameOrder(context.placed(parts.images).order, CHANNELS_FIRST),
  write: (context, output) => write(context, output, parts),
})

function scaled(node: Node): Pick<ScaleAndShift, 'images' | 'scale'> | undefined {
  if (node.kernel !== 'Multiply') return undefined
  const found = eitherWay(node).find(([images, scale]) => isImages(images) && isPerChannel(scale, images))
  return found && { images: found[0], scale: found[1] }
}

const isImages = ({ shape, dtype }: Value): boolean =>
  shape.length === 4 && dtype === 'float32' && shape[1]! * shape[2]! > 1

const isPerChannel = ({ shape }: Value, images: Value): boolean =>
  `${shape}` === `${[images.shape[0], 1, 1, images.shape[3]]}`

function write(context: Context, output: Value, { images, scale, shift, others }: ScaleAndShift): void {
  const { builder } = context
  const [batch, height, width, channels] = images.shape as Size4
  const all = batch * channels
  const normalised = builder.op(
    'BatchNormalization',
    [
      builder.reshape(context.as(images, CHANNELS_FIRST), [1, all, height, width]),
      builder.reshape(context.as(scale), [all]),
      builder.reshape(context.as(shift), [all]),
      builder.repeated(0, [all]),
      builder.repeated(1, [all]),
    ],
    { epsilon: { float: 0 } },
  )
  const result = builder.reshape(normalised, [batch, channels, height, width])
  const sum = others ? builder.op('Add', [context.as(others, CHANNELS_FIRST), result]) : result
  context.place(output, sum, CHANNELS_FIRST)
}

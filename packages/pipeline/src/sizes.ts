import { checkShape, expected, reshape, slice, type Tensor, tidy } from '@sgm/tensor'
import { checkIntegers } from '@sgm/tensor/check'
import type { Json } from './folder'
import type { Kind } from './kinds/kind'
import type { PromptOptions } from './options'

/** What a network's configuration says of its latents. */
export interface Latents {
  readonly channels: number
  /** Of its input after the latents: a mask and latents of the picture without what it hides. */
  readonly masked: boolean
  /** Rows and columns that it was trained on. */
  readonly size: number
}

/** Reads `config.json` of a network. @throws RangeError when it takes other channels than latents of an image, and a mask with them. */
export function latentsOf({ packs }: Kind, config: Json): Latents {
  const { in_channels, out_channels, sample_size } = config
  const taken = Number(in_channels ?? 4)
  const channels = packs ? taken / 4 : Number(out_channels ?? taken)
  const masked = taken === 2 * channels + 1
  if (!packs && taken !== channels && !masked) {
    throw expected('openPipeline', `a network of ${channels} or ${2 * channels + 1} channels`, taken)
  }
  const size = sample_size ?? (packs ? 128 : 64)
  checkIntegers('openPipeline', { channels, sample_size: size })
  return { channels, masked, size: size as number }
}

/** Height and width of a picture in pixels. @throws RangeError when they do not fit the latents, or the image. */
export function sizeOf(
  { height, width, image, mask }: PromptOptions,
  { size }: Latents,
  { factor, patch = 1 }: { readonly factor: number; readonly patch?: number | undefined },
): readonly [number, number] {
  const [, ...own] = image?.shape ?? [1, size * factor, size * factor]
  const [h, w] = [height ?? own[0]!, width ?? own[1]!]
  const unit = factor * patch
  for (const [name, pixels] of Object.entries({ height: h, width: w })) {
    if (!Number.isInteger(pixels) || pixels < unit || pixels % unit !== 0) {
      throw expected('pipeline', `${name} to be a multiple of ${unit}`, pixels)
    }
  }
  if (image) checkShape('pipeline', 'image', image.shape, [image.shape[0] ?? 1, h, w, 3])
  if (mask) checkShape('pipeline', 'mask', mask.shape, [mask.shape[0] ?? 1, h, w, 1])
  return [h, w]
}

/** A mask at the size of the latents: of each square its first pixel. */
export function coarse(mask: Tensor, factor: number): Tensor {
  const [batch, height, width] = mask.shape as [number, number, number, number]
  const [h, w] = [height / factor, width / factor]
  return tidy(() => {
    const squares = reshape(mask, [batch, h, factor, w, factor])
    return reshape(slice(squares, [0, 0, 0, 0, 0], [batch, h, 1, w, 1]), [batch, h, w, 1])
  })
}

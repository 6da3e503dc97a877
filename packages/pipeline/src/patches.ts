import { reshape, type Tensor, tidy, transpose } from '@sgm/tensor'

/** Patches of two rows and two columns as tokens: `[B, H, W, C]` → `[B, HW/4, 4C]`, their features by channel, row and column. */
export function packed(x: Tensor): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  return tidy(() => {
    const split = reshape(x, [batch, height / 2, 2, width / 2, 2, channels])
    return reshape(transpose(split, [0, 1, 3, 5, 2, 4]), [batch, (height * width) / 4, 4 * channels])
  })
}

/** The inverse of {@link packed}, for latents of a shape. */
export function unpacked(x: Tensor, [, height, width, channels]: readonly number[]): Tensor {
  const [batch = 1] = x.shape
  return tidy(() => {
    const split = reshape(x, [batch, height! / 2, width! / 2, channels!, 2, 2])
    return reshape(transpose(split, [0, 1, 4, 2, 5, 3]), [batch, height!, width!, channels!])
  })
}

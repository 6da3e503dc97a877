import { add, reshape, type Tensor, tensor, tidy, transpose } from '@sgm/tensor'
import type { Block } from './block'
import { conv } from './conv'
import { uniformByFans } from './initializers'

/** How images are cut. */
export interface PatchOptions {
  /** Height and width of the images, a multiple of `patch`. */
  readonly size: number
  readonly channels: number
  /** Side of a patch, in pixels. */
  readonly patch: number
  /** Features of a patch, a multiple of 4. */
  readonly width: number
}

/**
 * Patches of images as a sequence, each told where it lies (Dosovitskiy et al. 2021, equation 1, with the fixed sinusoids of
 * Peebles and Xie 2023): x `[B, size, size, channels]` → `[B, (size/patch)², width]`, row by row, by `<name>.weight` and `<name>.bias`.
 */
export function patches(name: string, { size, channels, patch, width }: PatchOptions): Block {
  const side = size / patch
  const cut = conv(name, {
    inputs: channels,
    outputs: width,
    size: patch,
    stride: patch,
    padding: 'valid',
    initial: uniformByFans(),
  })
  return {
    parameters: cut.parameters,
    apply: (p, x) => tidy(() => add(reshape(cut.apply(p, x), [-1, side * side, width]), places(side, width))),
  }
}

/** Images `[B, size, size, channels]` with patches for pixels: `[B, size/patch, size/patch, patch² · channels]`, features in rows of pixels. */
export function toPatches(x: Tensor, { size, channels, patch }: Omit<PatchOptions, 'width'>): Tensor {
  const side = size / patch
  return tidy(() => {
    const parts = reshape(x, [-1, side, patch, side, patch, channels])
    return reshape(transpose(parts, [0, 1, 3, 2, 4, 5]), [-1, side, side, patch * patch * channels])
  })
}

/** Images of a sequence of patches `[B, side², patch² · channels]`, or of {@link toPatches}, whose features are rows of pixels. */
export function fromPatches(y: Tensor, { size, channels, patch }: Omit<PatchOptions, 'width'>): Tensor {
  const side = size / patch
  return tidy(() => {
    const parts = reshape(y, [-1, side, side, patch, patch, channels])
    return reshape(transpose(parts, [0, 1, 3, 2, 4, 5]), [-1, size, size, channels])
  })
}

/** Sinusoids of the column, then of the row, `[side², width]`: half of each are sines, of wavelengths up to 10 000 · 2π. */
function places(side: number, width: number): Tensor {
  const quarter = width / 4
  const waves = (place: number): number[] => {
    const angles = Array.from({ length: quarter }, (_, k) => place / 10_000 ** (k / quarter))
    return [...angles.map(Math.sin), ...angles.map(Math.cos)]
  }
  const rows = Array.from({ length: side * side }, (_, i) => [
    ...waves(i % side),
    ...waves(Math.floor(i / side)),
  ])
  return tensor(rows.flat(), [side * side, width])
}

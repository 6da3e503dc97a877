import { type GaussianFourierOptions, gaussianFourier } from '../time-embedding'
import type { Block } from './block'
import { gaussian } from './initializers'

/**
 * {@link gaussianFourier} as a block, t `[B]` → `[B, size]`, by `<name>.frequencies` `[size / 2]`, which are not
 * trained.
 */
export function fourierFeatures(name: string, { size, scale }: Required<GaussianFourierOptions>): Block {
  const { apply } = gaussianFourier({ size, scale })
  const frequencies = `${name}.frequencies`
  return {
    parameters: { [frequencies]: { shape: [size / 2], initial: gaussian(scale) } },
    apply: (p, t) => apply({ frequencies: p[frequencies]! }, t),
  }
}

import type { Network } from '../types'
import { type UnetOptions, unetOf } from './unet-options'

/**
 * DDPM++ (Song et al. 2021, "Score-based generative modeling through stochastic differential equations", section 4.3
 * and appendix H): {@link ddpm} with BigGAN's residual blocks, sums over √2 and four blocks a level; eight in DDPM++
 * deep. Dropout, 0.1 as published, is the option `dropout`.
 *
 * As published it predicts noise: `noisePrediction.score(ddpmpp(), vp())` is the score.
 * Parameters as those of {@link ddpm}, `sample` being a residual block.
 *
 * @throws RangeError when an option is out of range. TypeError, when applied, for images or times of another shape, or for a
 * condition without `classes`.
 * @example
 * const network = ddpmpp({ size: 16, channels: 1, width: 32, blocks: 1 })
 */
export function ddpmpp(options: UnetOptions = {}): Network {
  return unetOf('ddpmpp', options, {
    blocks: 4,
    upAttention: 'last',
    centered: true,
    residual: 'biggan',
    rescale: true,
    fir: false,
    progressiveInput: 'none',
    embedding: 'positional',
  })
}

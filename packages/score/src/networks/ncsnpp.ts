import type { Network } from '../types'
import { type UnetOptions, unetOf } from './unet-options'

/**
 * NCSN++ (Song et al. 2021, "Score-based generative modeling through stochastic differential equations", section 4.3
 * and appendix H): {@link ddpmpp} that halves and doubles by FIR filters, has the halved input beside its way down as
 * residual blocks, and is told ln σ(t) by random Fourier features. Eight blocks a level in NCSN++ deep. Dropout,
 * 0.1 as published, is the option `dropout`.
 *
 * The published network divides its output by σ(t): `scaledScorePrediction.score(ncsnpp(), ve())`. Images lie in [0, 1] unless
 * `centered`. Parameters as those of {@link ddpmpp}, with `time.frequencies` and
 * `down.<level>.pyramid`.
 *
 * @throws RangeError when an option is out of range. TypeError, when applied, for images or times of another shape, or for a
 * condition without `classes`.
 * @example
 * const network = ncsnpp({ size: 16, channels: 1, width: 32, blocks: 1 })
 */
export function ncsnpp(options: UnetOptions = {}): Network {
  return unetOf('ncsnpp', options, {
    blocks: 4,
    upAttention: 'last',
    centered: false,
    residual: 'biggan',
    rescale: true,
    fir: true,
    progressiveInput: 'residual',
    embedding: 'fourier',
  })
}

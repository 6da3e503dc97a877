import type { Network } from '../types'
import { type UnetOptions, unetOf } from './unet-options'

/**
 * The U-Net of DDPM (Ho et al. 2020, "Denoising diffusion probabilistic models", appendix B): residual blocks,
 * attention at 16×16, sinusoidal features of 999 t. 35 746 307 parameters at the defaults, its configuration for
 * 32×32; drawn as published. Dropout, 0.1 as published, is the option `dropout`.
 *
 * It predicts noise: `noisePrediction.score(ddpm(), vp())` is the score. Images lie in [−1,
 * 1], as the published model has them, unless `centered` is false.
 *
 * Parameters: `time.{linear1,linear2}`, `input`, `down.<level>.<i>.block.{norm1,conv1,time,norm2,conv2,shortcut}`,
 * `down.<level>.<i>.attention.{norm,query,key,value,output}`, `down.<level>.sample`; `middle.<i>` and `up.<level>`
 * alike; `output.{norm,conv}`; each with `.weight` and `.bias`. With `classes`, `classes.table`, whose last row is
 * used where no condition is given.
 *
 * @throws RangeError when an option is out of range. TypeError, when applied, for images or times of another shape, or for a
 * condition without `classes`.
 * @example
 * const network = ddpm({ size: 16, channels: 1, width: 32, blocks: 1 })
 * network.shapes
 */
export function ddpm(options: UnetOptions = {}): Network {
  return unetOf('ddpm', options, {
    blocks: 2,
    upAttention: 'every',
    centered: true,
    residual: 'ddpm',
    rescale: false,
    fir: false,
    progressiveInput: 'none',
    embedding: 'positional',
  })
}

import { add, elu, mul, sub, type Tensor, tidy } from '@sgm/tensor'
import { checkFinite, checkFlags, checkIntegers, optionsOf } from '@sgm/tensor/check'
import type { Network } from '../types'
import { type Block, parametersOf } from './blocks/block'
import { conv } from './blocks/conv'
import { instanceNormPlus } from './blocks/instance-norm-plus'
import { refine } from './blocks/refine'
import { downMean } from './blocks/resample'
import { imageNetwork } from './image-network'
import type { NetworkOptions } from './network'

/** Options of {@link refineNet}. */
export interface RefineNetOptions extends NetworkOptions {
  /** Height and width of the images, an even integer >= 2. @default 32 */
  readonly size?: number
  /** Channels of the images, >= 1. @default 3 */
  readonly channels?: number
  /** Channels of the finest level, >= 2; the others have twice as many. @default 128 */
  readonly width?: number
  /** Whether the images lie in [−1, 1]; if not, 2x − 1 is what the network sees. @default false */
  readonly centered?: boolean
}

/**
 * NCSNv2's network for images below 96×96 (Song and Ermon 2020, "Improved techniques for training score-based
 * generative models", appendix B): residual blocks whose last two levels are dilated (2, 4) instead of halved,
 * RefineNet's blocks back up, InstanceNorm++ and ELU. 29 694 083 parameters at the defaults, drawn as PyTorch draws
 * them.
 *
 * It is not told the noise level: the published model divides its output by it, which is
 * `scaledScorePrediction.score(refineNet(), ve())`. Images lie in [0, 1] unless `centered`.
 *
 * Parameters: `input`, `down.<level>.<0 or 1>.{norm1,conv1,norm2,conv2,shortcut}`, `up.<level>.{adapt,fuse,pool,output}`,
 * `output.{norm,conv}`.
 *
 * @throws RangeError when an option is out of range. TypeError, when applied, for images or times of another shape.
 * @example
 * const network = refineNet({ size: 16, channels: 1, width: 32 })
 */
export function refineNet(options: RefineNetOptions = {}): Network {
  const {
    size = 32,
    channels = 3,
    width = 128,
    centered = false,
  } = optionsOf('refineNet', options, {
    limit: true,
    size: true,
    channels: true,
    width: true,
    centered: true,
  })
  checkFinite('refineNet', { size })
  checkFlags('refineNet', { centered })
  checkIntegers('refineNet', { channels, 'size / 2': size / 2 })
  checkIntegers('refineNet', { width }, 2)
  const double = 2 * width
  const input = conv('input', { inputs: channels, outputs: width })
  const down = [
    [block('down.0.0', width, width, 1), block('down.0.1', width, width, 1)],
    [block('down.1.0', width, double, 1, true), block('down.1.1', double, double, 1)],
    [block('down.2.0', double, double, 2, true), block('down.2.1', double, double, 2)],
    [block('down.3.0', double, double, 4, true), block('down.3.1', double, double, 4)],
  ]
  const up = [
    refine('up.3', { inputs: [double], outputs: double, units: 1 }),
    refine('up.2', { inputs: [double, double], outputs: double, units: 1 }),
    refine('up.1', { inputs: [double, double], outputs: width, units: 1 }),
    refine('up.0', { inputs: [width, width], outputs: width, units: 3 }),
  ]
  const norm = instanceNormPlus('output.norm', width)
  const output = conv('output.conv', { inputs: width, outputs: channels })
  const parameters = parametersOf(input, ...down.flat(), ...up, norm, output)
  return imageNetwork('refineNet', { size, channels, limit: options.limit }, parameters, (p, x) => {
    let h = input.apply(p, centered ? x : sub(mul(x, 2), 1))
    const levels = down.map((blocks) => {
      h = blocks.reduce((y, one) => one.apply(p, y), h)
      return h
    })
    const [coarsest, ...finer] = levels.reverse() as [Tensor, ...Tensor[]]
    let y = up[0]!.apply(p, coarsest)
    for (const [i, level] of finer.entries()) y = up[i + 1]!.apply(p, level, y)
    return output.apply(p, elu(norm.apply(p, y)))
  })
}

/**
 * conv2(elu(norm2(conv1(elu(norm1 x))))) + shortcut x, where the first block of a level changes channels or size:
 * without dilation by averages of 2×2, with dilation by dilated convolutions alone.
 */
function block(name: string, inputs: number, outputs: number, dilation: number, first = false): Block {
  const inner = first ? inputs : outputs
  const norm1 = instanceNormPlus(`${name}.norm1`, inputs)
  const conv1 = conv(`${name}.conv1`, { inputs, outputs: inner, dilation })
  const norm2 = instanceNormPlus(`${name}.norm2`, inner)
  const conv2 = conv(`${name}.conv2`, { inputs: inner, outputs, dilation })
  const side = dilation > 1 ? 3 : 1
  const shortcut = first ? conv(`${name}.shortcut`, { inputs, outputs, size: side, dilation }) : undefined
  const halved = (y: Tensor): Tensor => (first && dilation === 1 ? downMean(y) : y)
  return {
    parameters: parametersOf(norm1, conv1, norm2, conv2, shortcut),
    apply: (p, x) =>
      tidy(() => {
        const h = conv1.apply(p, elu(norm1.apply(p, x)))
        const y = conv2.apply(p, elu(norm2.apply(p, h)))
        return add(halved(y), shortcut ? halved(shortcut.apply(p, x)) : x)
      }),
  }
}

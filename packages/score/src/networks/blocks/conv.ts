import { add, conv2d, conv2dTranspose, type NamedTensors, type Padding, type Tensor } from '@sgm/tensor'
import type { Block } from './block'
import { type Initializer, uniformByFanIn, zero } from './initializers'

/** A convolution's geometry and how it starts. */
export interface ConvOptions {
  /** Channels in and out. */
  readonly inputs: number
  readonly outputs: number
  /** Side of the filter. @default 3 */
  readonly size?: number
  /** @default 1 */
  readonly stride?: number
  /** @default 'same' */
  readonly padding?: Padding
  /** @default 1 */
  readonly dilation?: number
  /** @default true */
  readonly bias?: boolean
  /** Of the weight. @default PyTorch's, U(±1/√fanIn), for the bias too */
  readonly initial?: Initializer
}

/** A convolution, with and without its bias: what comes next may add that more cheaply. */
export interface Conv extends Block {
  convolve(parameters: NamedTensors, x: Tensor): Tensor
}

/**
 * Convolution x `[B, H, W, inputs]` → `[B, H′, W′, outputs]` by `<name>.weight` `[size, size, inputs, outputs]` and
 * `<name>.bias` `[outputs]`.
 */
export function conv(
  name: string,
  {
    inputs,
    outputs,
    size = 3,
    stride = 1,
    padding = 'same',
    dilation = 1,
    bias = true,
    initial,
  }: ConvOptions,
): Conv {
  const fallback = uniformByFanIn(size * size * inputs)
  const convolve = (p: NamedTensors, x: Tensor): Tensor =>
    conv2d(x, p[`${name}.weight`]!, { stride, padding, dilation })
  return {
    parameters: {
      [`${name}.weight`]: { shape: [size, size, inputs, outputs], initial: initial ?? fallback },
      ...(bias && { [`${name}.bias`]: { shape: [outputs], initial: initial ? zero : fallback } }),
    },
    convolve,
    apply: (p, x) => {
      const y = convolve(p, x)
      return bias ? add(y, p[`${name}.bias`]!) : y
    },
  }
}

/** A transposed convolution's geometry. */
export interface TransposedConvOptions extends Pick<ConvOptions, 'inputs' | 'outputs' | 'size' | 'bias'> {
  /** Of the convolution that it is the adjoint of. @default 1 */
  readonly stride?: number
  /** Height and width of the result. */
  readonly to: number
}

/**
 * Transposed convolution without padding, x `[B, H, W, inputs]` → `[B, to, to, outputs]`, by `<name>.weight`
 * `[size, size, outputs, inputs]` and `<name>.bias` `[outputs]`. Starts as PyTorch's, whose fan-in is the outputs'.
 */
export function transposedConv(
  name: string,
  { inputs, outputs, size = 3, stride = 1, to, bias = true }: TransposedConvOptions,
): Block {
  const initial = uniformByFanIn(size * size * outputs)
  return {
    parameters: {
      [`${name}.weight`]: { shape: [size, size, outputs, inputs], initial },
      ...(bias && { [`${name}.bias`]: { shape: [outputs], initial } }),
    },
    apply: (p, x) => {
      const y = conv2dTranspose(x, p[`${name}.weight`]!, [to, to], { stride, padding: 'valid' })
      return bias ? add(y, p[`${name}.bias`]!) : y
    },
  }
}

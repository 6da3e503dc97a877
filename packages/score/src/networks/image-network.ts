import { expectedType, formatShape, type NamedTensors, type Tensor } from '@sgm/tensor'
import type { Condition, Network } from '../types'
import type { Parameters } from './blocks/block'
import { checkRows, namedNetwork } from './network'

/** What an image network takes: x `[B, size, size, channels]`. */
export interface ImageSize {
  readonly size: number
  readonly channels: number
  /** The most parameters. */
  readonly limit?: number | undefined
}

/** That x is `[B, size, size, channels]`. @throws TypeError where it is not. */
export function checkImages(where: string, x: Tensor, { size, channels }: ImageSize): void {
  const [, ...rest] = x.shape
  if (formatShape(rest) !== formatShape([size, size, channels])) {
    throw expectedType(where, `images [B, ${size}, ${size}, ${channels}]`, formatShape(x.shape))
  }
}

/**
 * The network of given parameters and function, for images `[B, size, size, channels]` and t `[B]`.
 *
 * @throws TypeError, when applied, for x, t or a condition of another shape.
 */
export function imageNetwork(
  where: string,
  { size, channels, limit }: ImageSize,
  parameters: Parameters,
  apply: (
    parameters: NamedTensors,
    x: Tensor,
    t: Tensor,
    condition?: Condition,
    draws?: NamedTensors,
  ) => Tensor,
  draw?: Network['draw'],
): Network {
  const network = {
    parameters,
    ...(draw && { draw }),
    apply: (values: NamedTensors, x: Tensor, t: Tensor, condition?: Condition, draws?: NamedTensors) => {
      checkImages(where, x, { size, channels })
      checkRows(where, x, t, condition)
      return apply(values, x, t, condition, draws)
    },
  }
  return namedNetwork(where, network, limit)
}

import { expected, expectedType, formatShape, type NamedTensors, type Tensor } from '@sgm/tensor'
import type { Network } from '../types'
import type { Parameters } from './blocks/block'
import { networkOf } from './network'

/** What an image network takes: x `[B, size, size, channels]`. */
export interface ImageSize {
  readonly size: number
  readonly channels: number
}

/**
 * The network of given parameters and function, for images `[B, size, size, channels]` and t `[B]`.
 *
 * @throws TypeError, when applied, for x or t of other shapes.
 */
export function imageNetwork(
  where: string,
  { size, channels }: ImageSize,
  parameters: Parameters,
  apply: (parameters: NamedTensors, x: Tensor, t: Tensor, condition?: Tensor) => Tensor,
): Network {
  return networkOf({
    parameters,
    apply: (values, x, t, condition) => {
      const [batch, ...rest] = x.shape
      if (formatShape(rest) !== formatShape([size, size, channels])) {
        throw expectedType(where, `images [B, ${size}, ${size}, ${channels}]`, formatShape(x.shape))
      }
      if (t.shape.length !== 1 || t.shape[0] !== batch) {
        throw expectedType(where, `times [${batch}]`, formatShape(t.shape))
      }
      return apply(values, x, t, condition)
    },
  })
}

/** Throws unless every value is an integer >= least. */
export function checkIntegers(where: string, values: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isInteger(value) || value < least) {
      throw expected(where, `${name} to be an integer >= ${least}`, value)
    }
  }
}

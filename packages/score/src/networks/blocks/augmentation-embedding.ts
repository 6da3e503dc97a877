import { expectedType, formatShape, matMul, type Tensor } from '@sgm/tensor'
import type { Block } from './block'
import { zero } from './initializers'

/**
 * `<name>.weight` `[count, size]`, 0 at first: what is added to the features of t of the numbers `[B, count]` that tell how images were altered. Of numbers
 * that are 0 it makes nothing, so that images as they are need no telling (Karras et al. 2022, appendix F.2).
 *
 * @throws TypeError, when applied, unless there are so many numbers.
 */
export function augmentationEmbedding(name: string, count: number, size: number): Block {
  const weight = `${name}.weight`
  return {
    parameters: { [weight]: { shape: [count, size], initial: zero } },
    apply: (p, numbers: Tensor) => {
      if (numbers.shape.length !== 2 || numbers.shape[1] !== count) {
        throw expectedType(name, `numbers [B, ${count}]`, formatShape(numbers.shape))
      }
      return matMul(numbers, p[weight]!)
    },
  }
}

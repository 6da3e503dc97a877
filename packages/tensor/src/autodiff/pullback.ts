import * as tf from '@tensorflow/tfjs'
import { checkShape, expectedType } from '../check'
import { repairGradients } from '../repair/gradients'
import { raw, wrap } from '../tf'
import { isTensor } from '../tree'
import type { Tensor } from '../types'
import { type Differentiable, flatten, type Gradients } from './differentiable'
import { releaseTape } from './tape'

repairGradients()

/**
 * The value of `f` and the gradient of ⟨cotangent, f⟩; without a cotangent, of Σ f. Both are fresh tensors,
 * even where `f` returns its argument; nothing else that `f` makes outlives the call.
 */
export function pullback<P extends Differentiable>(
  where: string,
  f: (x: P) => Tensor,
  x: P,
  cotangent?: Tensor,
): { value: Tensor; gradient: Gradients<P> } {
  const { leaves, build } = flatten(where, x)
  if (cotangent && cotangent.dtype !== 'float32')
    throw expectedType(where, 'a float32 cotangent', cotangent.dtype)
  const forward = (): tf.Tensor => {
    const y = evaluate(where, f, x)
    if (cotangent) checkShape(where, 'a cotangent', cotangent.shape, y.shape)
    return raw(y)
  }
  try {
    const [value, ...gradients] = tf.tidy(() => {
      const { value, grads } = tf.engine().gradients(
        forward,
        leaves.map((leaf) => raw(leaf)),
        cotangent ? tf.clone(raw(cotangent)) : null!,
        true,
      )
      return [value, ...grads.map((g, i) => g ?? tf.zerosLike(raw(leaves[i]!)))]
    })
    return { value: wrap(value!), gradient: build(gradients.map(wrap)) }
  } catch (error) {
    releaseTape()
    throw error
  }
}

/**
 * `f(x)` as a fresh tensor.
 *
 * @throws TypeError when it is no float32 tensor.
 */
export function evaluate<X>(where: string, f: (x: X) => Tensor, x: X): Tensor {
  const y: unknown = f(x)
  if (!isTensor(y)) throw expectedType(where, 'a function that returns a tensor', y)
  if (y.dtype !== 'float32') throw expectedType(where, 'a function to float32', y.dtype)
  return wrap(tf.clone(raw(y)))
}

import * as tf from '@tensorflow/tfjs'
import { checkTensor } from '../check'
import { made } from '../tf'
import type { NumericDType, Tensor, TensorOrNumber } from '../types'
import { checkBroadcast } from './broadcast'
import { promote, promotePair } from './dtypes'
import { meetNothing } from './nothing'

/** A binary op in the widest of `least` and its operands' element types, which are checked to broadcast. */
export function binary(
  name: string,
  op: (a: tf.Tensor | number, b: tf.Tensor | number) => tf.Tensor,
  least: NumericDType,
): (a: TensorOrNumber, b: TensorOrNumber) => Tensor {
  return (a, b) => {
    checkBroadcast(name, a, b)
    return made(() => {
      const [x, y] = meetNothing(promotePair(name, least, a, b))
      return op(x!, y!)
    })
  }
}

/** A unary op in the wider of `least` and its operand's element type. */
export function unary(
  name: string,
  op: (x: tf.Tensor) => tf.Tensor,
  least: NumericDType = 'float32',
): (x: Tensor) => Tensor {
  return (x) => {
    checkTensor(name, x)
    return made(() => op(promote(name, least, x)))
  }
}

type Op = (x: tf.Tensor) => tf.Tensor

/** An op, and what it is of integers: kernels would make floats of them, which hold 24 bits. */
export function exactly(op: Op, ofIntegers: Op = tf.clone): Op {
  return (x) => (x.dtype === 'float32' ? op(x) : ofIntegers(x))
}

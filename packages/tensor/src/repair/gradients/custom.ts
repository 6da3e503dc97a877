import * as tf from '@tensorflow/tfjs'

type Gradient = (dy: tf.Tensor, inputs: tf.Tensor[]) => Record<string, () => tf.Tensor>

/** logSigmoid′(x) = σ(−x). tfjs keeps no copy of x, and fails where x is freed before the backward pass. */
const logSigmoid: Gradient = (dy, [x]) => ({ 0: () => tf.mul(dy, tf.sigmoid(tf.neg(x!))) })

/**
 * Of −Σ labels · logSoftmax(logits) along the last axis. tfjs keeps the logSoftmax only, which the tape takes for a
 * constant, supposes that the labels sum to 1, and has another gradient by the labels.
 */
const softmaxCrossEntropy: Gradient = (dy, [labels, logits]) => ({
  0: () => tf.neg(tf.mul(tf.expandDims(dy, -1), tf.logSoftmax(logits!))),
  1: () => {
    const total = tf.sum(labels!, -1, true)
    const slope = tf.sub(tf.mul(tf.softmax(logits!), total), labels!)
    return tf.mul(tf.expandDims(dy, -1), slope)
  },
})

/** Gradients of ops that tfjs writes with `customGrad`, by the name of their scope, from saved inputs. */
export const customGradients: ReadonlyMap<string, Gradient> = new Map([
  ['logSigmoid__op', logSigmoid],
  ['softmaxCrossEntropy__op', softmaxCrossEntropy],
])

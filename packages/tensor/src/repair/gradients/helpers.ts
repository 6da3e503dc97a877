import * as tf from '@tensorflow/tfjs'

/** A gradient's configuration, with the attributes typed as the kernel has them. */
export function gradient<Attributes = unknown>(
  kernelName: string,
  saved: { readonly inputs?: readonly string[]; readonly output?: boolean },
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[], attributes: Attributes) => Record<string, () => tf.Tensor>,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [...(saved.inputs ?? [])],
    outputsToSave: [saved.output ?? false],
    gradFunc: gradFunc as unknown as tf.GradFunc,
  }
}

/** `dy` summed over the axes along which an operand of the given shape was stretched, be it to nothing. */
export function sumTo(dy: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const added = dy.rank - shape.length
  const axes = dy.shape.flatMap((size, i) => (i < added || shape[i - added] !== size ? [i] : []))
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, [...shape])
}

/** Float zeros, whatever the dtype of the operand. */
export function zerosOf(x: tf.Tensor): tf.Tensor {
  return tf.zeros(x.shape, 'float32')
}

/** Runs a kernel that has no public op. */
export function kernel(name: string, inputs: Record<string, tf.Tensor>, attributes: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor
}

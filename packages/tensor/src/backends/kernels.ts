import * as tf from '@tensorflow/tfjs'

/** Kernels of tfjs that no op of sgm and no gradient of one calls. */
const unused =
  'BitwiseAnd Complex ComplexAbs Dilation2DBackpropFilter Dilation2DBackpropInput Draw Einsum FFT IFFT Imag ' +
  'NonMaxSuppressionV4 RaggedGather RaggedRange RaggedTensorToTensor Real SparseFillEmptyRows SparseReshape ' +
  'StaticRegexReplace StringSplit StringToHashBucketFast Unique'

/** The kernels that ops of sgm and their gradients may call and that a loaded backend lacks. */
export function missingKernels(backend: string): string[] {
  const spared = unused.split(' ')
  const has = new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName))
  return tf
    .getKernelsForBackend('cpu')
    .map(({ kernelName }) => kernelName)
    .filter((name) => !spared.includes(name) && !has.has(name))
}

import * as tf from '@tensorflow/tfjs'

/** Makes a kernel from the one it replaces. */
export type Replacement = (plain: tf.KernelFunc) => tf.KernelFunc

/** Survives two copies of this package in one program. */
const OURS = Symbol.for('@sgm/tensor kernel')

/** Puts `replacement` in the place of a backend's kernel, once. Without a kernel to replace, does nothing. */
export function replaceKernel(kernelName: string, replacement: Replacement, backend = 'wasm'): void {
  const plain = tf.getKernel(kernelName, backend)
  if (!plain || OURS in plain.kernelFunc) return
  tf.unregisterKernel(kernelName, backend)
  tf.registerKernel({ ...plain, kernelFunc: mark(replacement(plain.kernelFunc)) })
}

/** Registers a WASM kernel that tfjs lacks, once; one that is there already stays. */
export function addKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'wasm')) return
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: mark(kernelFunc) })
}

function mark(kernelFunc: tf.KernelFunc): tf.KernelFunc {
  return Object.defineProperty(kernelFunc, OURS, { value: true })
}

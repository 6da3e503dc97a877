import * as tf from '@tensorflow/tfjs'

/** Makes a kernel from the one it replaces, whose name is the second argument. */
export type Replacement = (plain: tf.KernelFunc, kernelName: string) => tf.KernelFunc

/** What a kernel is called with. */
export type Call = Parameters<tf.KernelFunc>[0]

/** Survives two copies of this package in one program. */
const OURS = Symbol.for('@sgm/tensor kernel')

/** Puts `replacement` in the place of a backend's kernel, once. Without a kernel to replace, does nothing. */
export function replaceKernel(kernelName: string, replacement: Replacement, backend = 'wasm'): void {
  const plain = tf.getKernel(kernelName, backend)
  if (!plain || OURS in plain.kernelFunc) return
  tf.unregisterKernel(kernelName, backend)
  tf.registerKernel({ ...plain, kernelFunc: mark(replacement(plain.kernelFunc, kernelName)) })
}

/** Replacements one after the other, the first of them outermost. */
export const compose =
  (...replacements: readonly Replacement[]): Replacement =>
  (plain, kernelName) =>
    replacements.reduceRight((kernel, replacement) => replacement(kernel, kernelName), plain)

/** Puts a kernel in the place of another where all operands have an element type. */
const forType =
  (dtype: tf.DataType) =>
  (kernelFunc: tf.KernelFunc): Replacement =>
  (plain) =>
  (args) => {
    const operands = Object.values(args.inputs) as (tf.TensorInfo | undefined)[]
    return operands.every((x) => x === undefined || x.dtype === dtype) ? kernelFunc(args) : plain(args)
  }

export const forFloats = forType('float32')

export const forIntegers = forType('int32')

/** Registers a WASM kernel that tfjs lacks, once; one that is there already stays. */
export function addKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'wasm')) return
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: mark(kernelFunc) })
}

function mark(kernelFunc: tf.KernelFunc): tf.KernelFunc {
  return Object.defineProperty(kernelFunc, OURS, { value: true })
}

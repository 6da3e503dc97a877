import * as tf from '@tensorflow/tfjs'
import type { Call, Replacement } from './register'

/** Filters of usual networks have fewer terms. */
const MANY = 8192

/** So many terms lose few digits in one float32: 4e-6 where all are equal. */
const FEW = 1024

const termsOf = ({ shape }: tf.TensorInfo): number => shape[0]! * shape[1]! * shape[2]!

/** A convolution of very many terms as the sum of two, each over half of the channels: the kernel adds all in one running float32. */
export const inHalves: Replacement = (plain) => {
  const run = (name: string, inputs: tf.NamedTensorInfoMap, attrs: object, { backend }: Call) =>
    tf.getKernel(name, 'wasm').kernelFunc({
      inputs,
      attrs: attrs as tf.NamedAttrMap,
      backend,
    }) as tf.TensorInfo

  const convolve = (args: Call): tf.TensorInfo => {
    const { x, filter } = args.inputs as { x: tf.TensorInfo; filter: tf.TensorInfo }
    const [height, width, channels, outputs] = filter.shape as [number, number, number, number]
    if (termsOf(filter) <= FEW || channels === 1) return plain(args) as tf.TensorInfo
    const backend = args.backend as tf.KernelBackend
    const [n, h, w] = x.shape as [number, number, number]
    const middle = channels >> 1
    const part = (start: number, size: number): tf.TensorInfo => {
      const images = run('Slice', { x }, { begin: [0, 0, 0, start], size: [n, h, w, size] }, args)
      const taps = run(
        'Slice',
        { x: filter },
        { begin: [0, 0, start, 0], size: [height, width, size, outputs] },
        args,
      )
      const out = convolve({ ...args, inputs: { ...args.inputs, x: images, filter: taps } })
      for (const { dataId } of [images, taps]) backend.disposeData(dataId)
      return out
    }
    const [a, b] = [part(0, middle), part(middle, channels - middle)]
    const sum = run('Add', { a, b }, {}, args)
    for (const { dataId } of [a, b]) backend.disposeData(dataId)
    return sum
  }
  return (args) =>
    termsOf(args.inputs.filter as tf.TensorInfo) > MANY && args.attrs?.dataFormat !== 'NCHW'
      ? convolve(args)
      : plain(args)
}

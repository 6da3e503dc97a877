import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { milliseconds, print, time } from './table'

const names = ['BatchMatMul', '_FusedMatMul', 'Conv2DBackpropInput'] as const
type Kernels = Readonly<Record<(typeof names)[number], tf.KernelFunc>>

function registered(): Kernels {
  return Object.fromEntries(names.map((name) => [name, tf.getKernel(name, 'wasm').kernelFunc])) as Kernels
}

function register(kernels: Kernels): void {
  for (const name of names) {
    const config = tf.getKernel(name, 'wasm')
    tf.unregisterKernel(name, 'wasm')
    tf.registerKernel({ ...config, kernelFunc: kernels[name] })
  }
}

/** Read before the repair: this file must be imported before `@sgm/tensor`. */
const plain = registered()

interface Work {
  readonly name: string
  /** Multiplications and additions, in millions. */
  readonly flops: number
  readonly call: () => tf.Tensor
}

function matMul(
  batch: number,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): Work {
  const outer = batch > 1 ? [batch] : []
  const a = tf.randomNormal([...outer, ...(transposeA ? [k, m] : [m, k])])
  const b = tf.randomNormal([...outer, ...(transposeB ? [n, k] : [k, n])])
  return {
    name: `matMul ${batch > 1 ? `${batch}×` : ''}${m}×${k}${transposeA ? 'ᵀ' : ''} · ${k}×${n}${transposeB ? 'ᵀ' : ''}`,
    flops: (2 * batch * m * k * n) / 1e6,
    call: () => tf.matMul(a, b, transposeA, transposeB),
  }
}

type Layer = readonly [
  batch: number,
  size: number,
  channels: number,
  out: number,
  window: number,
  stride: number,
]

function convolution([batch, size, channels, out, window, stride]: Layer): Work[] {
  const x = tf.randomNormal<tf.Rank.R4>([batch, size, size, channels])
  const filter = tf.randomNormal<tf.Rank.R4>([window, window, channels, out])
  const dy = tf.conv2d(x, filter, stride, 'same')
  const flops = (2 * dy.size * channels * window * window) / 1e6
  const name = `${window}×${window}/${stride}, ${channels}→${out}, ${size}×${size}, batch ${batch}`
  const attrs = { strides: [stride, stride], pad: 'same', dataFormat: 'NHWC' }
  const kernel = (kernelName: string, inputs: tf.NamedTensorMap, shapes: object): tf.Tensor =>
    tf.engine().runKernel(kernelName, inputs, { ...attrs, ...shapes } as unknown as tf.NamedAttrMap)
  return [
    { name: `conv2d ${name}: forward`, flops, call: () => tf.conv2d(x, filter, stride, 'same') },
    {
      name: `conv2d ${name}: gradient by x`,
      flops,
      call: () => kernel('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }),
    },
    {
      name: `conv2d ${name}: gradient by filter`,
      flops,
      call: () => kernel('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
    },
  ]
}

/** Largest difference of two results, in parts of the largest value. */
function difference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => tf.div(tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(a))).dataSync()[0]!)
}

/** Prints plain tfjs beside sgm for transposed matrix products and padded convolutions on WASM. */
export function benchKernels(): void {
  const ours = registered()
  const works = [
    matMul(1, 512, 128, 128, false, false),
    matMul(1, 512, 128, 128, true, false),
    matMul(1, 512, 128, 128, false, true),
    matMul(1, 128, 512, 128, true, false),
    matMul(1, 512, 512, 512, false, true),
    matMul(32, 256, 64, 256, false, true),
    matMul(32, 256, 256, 64, false, false),
    ...convolution([32, 28, 32, 64, 3, 1]),
    ...convolution([8, 32, 128, 128, 3, 1]),
    ...convolution([8, 28, 32, 64, 3, 2]),
    ...convolution([8, 28, 32, 64, 1, 1]),
  ]
  const rows = works.map(({ name, flops, call }) => {
    const rate = (spent: number): string => (flops / spent).toFixed(1)
    if (name.endsWith('by filter')) {
      const [spent] = milliseconds([call]) as [number]
      return [name, 'no kernel', time(spent), '', rate(spent), '']
    }
    const before = (): tf.Tensor => {
      register(plain)
      const y = call()
      register(ours)
      return y
    }
    const [theirs, spent] = milliseconds([before, call]) as [number, number]
    const apart = tf.tidy(() => difference(before(), call()))
    return [
      name,
      time(theirs),
      time(spent),
      `${(theirs / spent).toFixed(1)}×`,
      rate(spent),
      apart.toExponential(0),
    ]
  })
  print('WASM kernels', ['work', 'tfjs, ms', 'sgm, ms', 'ratio', 'GFLOP/s', 'differ by'], rows)
}

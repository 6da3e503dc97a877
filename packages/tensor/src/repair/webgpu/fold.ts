import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { compose, type Replacement } from '../kernels/register'
import { runFlat } from './program'
import { transposed } from './transpose'

interface Attributes {
  readonly axis?: number | readonly number[]
  readonly reductionIndices?: number | readonly number[]
  readonly keepDims: boolean
}

/** How integers are folded: `total` and the next one, `value`. */
interface Fold {
  readonly name: string
  readonly first: string
  readonly step: string
  /** What the fold of bools is. */
  readonly ofBools: 'int32' | 'bool'
}

const folds = {
  Sum: { name: 'sum', first: '0', step: 'total + value', ofBools: 'int32' },
  Prod: { name: 'prod', first: '1', step: 'total * value', ofBools: 'int32' },
  Max: { name: 'max', first: '-2147483647 - 1', step: 'max(total, value)', ofBools: 'bool' },
  Min: { name: 'min', first: '2147483647', step: 'min(total, value)', ofBools: 'bool' },
  All: { name: 'all', first: '1', step: 'min(total, value)', ofBools: 'bool' },
  Any: { name: 'any', first: '0', step: 'max(total, value)', ofBools: 'bool' },
} as const satisfies Readonly<Record<string, Fold>>

/** Reductions of integers and bools: tfjs transposes them by code that is invalid, and folds them as floats, which end at 2²⁴. */
const fold =
  ({ name, first, step, ofBools }: Fold): Replacement =>
  (plain) =>
  (args) => {
    const { x } = args.inputs as { x: Info }
    if (x.dtype !== 'int32' && x.dtype !== 'bool') return plain(args)
    const backend = args.backend as WebGPUBackend
    const { axis, reductionIndices, keepDims } = args.attrs as unknown as Attributes
    const axes = tf.util.parseAxisParam((reductionIndices ?? axis) as number[], x.shape)
    const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i))
    const rows = transposed(backend, x, [...kept, ...axes])
    const shape = keepDims
      ? x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
      : kept.map((i) => x.shape[i]!)
    const out = runFlat(
      backend,
      rows,
      { shape, dtype: x.dtype === 'bool' ? ofBools : 'int32' },
      {
        key: `sgm fold ${name}`,
        integers: { length: axes.reduce((size, i) => size * x.shape[i]!, 1) },
        code: `
          var total = ${first};
          for (var i = 0; i < uniforms.length; i++) { let value = x[index * uniforms.length + i]; total = ${step}; }
          result[index] = total;`,
      },
    )
    backend.disposeData(rows.dataId)
    return out
  }

/** `Prod` that keeps its axes: for small tensors tfjs takes them away all the same. */
const keepingAxes: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  const { axis, keepDims } = args.attrs as unknown as Attributes
  if (!keepDims) return plain(args)
  const axes = tf.util.parseAxisParam(axis as number[], x.shape)
  const out = plain({ ...args, attrs: { ...args.attrs, keepDims: false } }) as Info
  return { ...out, shape: x.shape.map((length, i) => (axes.includes(i) ? 1 : length)) }
}

/** A kernel of floats, for integers too. */
const asFloats: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  if (x.dtype === 'float32') return plain(args)
  const backend = args.backend as WebGPUBackend
  const floats = tf
    .getKernel('Cast', 'webgpu')
    .kernelFunc({ inputs: { x }, backend, attrs: { dtype: 'float32' } }) as Info
  const out = plain({ ...args, inputs: { x: floats } }) as Info
  backend.disposeData(floats.dataId)
  return out
}

/** Reductions, by tfjs's kernel names. */
export const reductions: Readonly<Record<string, Replacement>> = {
  ...Object.fromEntries(Object.entries(folds).map(([kernel, by]) => [kernel, fold(by)])),
  Prod: compose(fold(folds.Prod), keepingAxes),
  Mean: asFloats,
}

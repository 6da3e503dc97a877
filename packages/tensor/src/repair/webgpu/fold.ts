import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { type Call, compose, forFloats, type Replacement } from '../kernels/register'
import { runFlat } from './program'
import { transposed } from './transpose'

interface Attributes {
  readonly axis?: number | readonly number[]
  readonly reductionIndices?: number | readonly number[]
  readonly keepDims: boolean
}

/** How elements are folded: `total` and the next one, `value`. */
interface Fold {
  readonly first: string
  readonly step: string
  /** What the fold of `length` elements gives. @default `total` */
  readonly last?: string
}

/** How integers are folded. */
interface IntegerFold extends Fold {
  /** What the fold of bools is. */
  readonly ofBools: 'int32' | 'bool'
}

const integerFolds = {
  Sum: { first: '0', step: 'total + value', ofBools: 'int32' },
  Prod: { first: '1', step: 'total * value', ofBools: 'int32' },
  Max: { first: '-2147483647 - 1', step: 'max(total, value)', ofBools: 'bool' },
  Min: { first: '2147483647', step: 'min(total, value)', ofBools: 'bool' },
  All: { first: '1', step: 'min(total, value)', ofBools: 'bool' },
  Any: { first: '0', step: 'max(total, value)', ofBools: 'bool' },
} as const satisfies Readonly<Record<string, IntegerFold>>

/** The more extreme of two floats, as which NaN counts. */
const extreme = (beyond: '<' | '>'): Fold => ({
  first: 'x[start]',
  step: `select(total, value, !isnan(total) && (isnan(value) || value ${beyond} total))`,
})

const floatFolds = {
  Sum: { first: '0.0', step: 'total + value' },
  Mean: { first: '0.0', step: 'total + value', last: 'total / f32(uniforms.length)' },
  Max: extreme('>'),
  Min: extreme('<'),
} as const satisfies Readonly<Record<string, Fold>>

/** Elements that one thread folds sooner than tfjs's workgroup of as many threads, most of which would wait. */
const SHORT = 64

interface Reduction {
  readonly backend: WebGPUBackend
  readonly x: Info
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

function reductionOf({ inputs, backend, attrs }: Call): Reduction {
  const { x } = inputs as { x: Info }
  const { axis, reductionIndices, keepDims } = attrs as unknown as Attributes
  const axes = tf.util.parseAxisParam((reductionIndices ?? axis) as number[], x.shape)
  return { backend: backend as WebGPUBackend, x, axes: axes.toSorted((a, b) => a - b), keepDims }
}

const sizeAlong = (shape: readonly number[], axes: readonly number[]): number =>
  axes.reduce((size, axis) => size * shape[axis]!, 1)

/** Folds by one thread for each element of the result. Neighbouring axes are folded where they lie, others are brought together first. */
function folded(
  { backend, x, axes, keepDims }: Reduction,
  name: string,
  dtype: Info['dtype'],
  { first, step, last = 'total' }: Fold,
): Info {
  const kept = [...x.shape.keys()].filter((i) => !axes.includes(i))
  const together = axes.every((axis, i) => axis === axes[0]! + i)
  const rows = together ? x : transposed(backend, x, [...kept, ...axes])
  const shape = keepDims
    ? x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
    : kept.map((i) => x.shape[i]!)
  const out = runFlat(
    backend,
    rows,
    { shape, dtype },
    {
      key: `sgm fold ${name}`,
      integers: {
        length: sizeAlong(x.shape, axes),
        inner: together ? x.shape.slice((axes.at(-1) ?? x.shape.length) + 1).reduce((a, b) => a * b, 1) : 1,
      },
      code: `
        let start = index / uniforms.inner * uniforms.length * uniforms.inner + index % uniforms.inner;
        var total = ${first};
        for (var i = 0; i < uniforms.length; i++) { let value = x[start + i * uniforms.inner]; total = ${step}; }
        result[index] = ${last};`,
    },
  )
  if (!together) backend.disposeData(rows.dataId)
  return out
}

/** Reductions of integers and bools: tfjs transposes them by code that is invalid, and folds them as floats, which end at 2²⁴. */
const ofIntegers =
  (by: IntegerFold): Replacement =>
  (plain, kernelName) =>
  (args) => {
    const { dtype } = args.inputs.x as Info
    if (dtype !== 'int32' && dtype !== 'bool') return plain(args)
    return folded(reductionOf(args), `integers ${kernelName}`, dtype === 'bool' ? by.ofBools : 'int32', by)
  }

/** Reductions of a few floats each: tfjs transposes them and sets a workgroup on each result. */
const ofFew =
  (by: Fold): Replacement =>
  (plain, kernelName) =>
    forFloats((args) => {
      const reduction = reductionOf(args)
      const length = sizeAlong(reduction.x.shape, reduction.axes)
      const few = length <= SHORT && tf.util.sizeFromShape(reduction.x.shape) > 0
      return few ? folded(reduction, `floats ${kernelName}`, 'float32', by) : plain(args)
    })(plain, kernelName)

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
  All: ofIntegers(integerFolds.All),
  Any: ofIntegers(integerFolds.Any),
  Max: compose(ofIntegers(integerFolds.Max), ofFew(floatFolds.Max)),
  Mean: compose(asFloats, ofFew(floatFolds.Mean)),
  Min: compose(ofIntegers(integerFolds.Min), ofFew(floatFolds.Min)),
  Prod: compose(ofIntegers(integerFolds.Prod), keepingAxes),
  Sum: compose(ofIntegers(integerFolds.Sum), ofFew(floatFolds.Sum)),
}

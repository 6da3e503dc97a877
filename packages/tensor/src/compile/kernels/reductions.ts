import type { GraphDType } from '../value'
import { type Cut, fromFront, type Inferred, type Kernel, kernel, type X } from './kernel'
import { unlessAlong, when } from './rows'

/** Which axes a reduction takes away, or keeps with size 1. @default all axes */
export interface Reducing {
  readonly axis?: number | readonly number[] | null
  readonly keepDims?: boolean
}

export type MaxAttributes = Omit<Reducing, 'axis'> & { readonly reductionIndices?: Reducing['axis'] }

/**
 * The axes that a reduction of a value takes away, counted from the front.
 *
 * @param options The operand.
 * @param axis One or several; all where none is given.
 * @example
 * reducedAxes({ x: { id: 0, shape: [2, 3], dtype: 'float32' } }, -1) // → [1]
 */
export function reducedAxes({ x }: X, axis: Reducing['axis']): readonly number[] {
  const rank = x.shape.length
  return axis === undefined || axis === null
    ? x.shape.map((_, i) => i)
    : [axis].flat().map((one) => fromFront(one, rank))
}

const withoutAxes = (x: X['x'], axes: readonly number[], keepDims = false): readonly number[] =>
  keepDims
    ? x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
    : x.shape.filter((_, i) => !axes.includes(i))

const reduction = (dtype?: GraphDType, acrossRows?: Cut) =>
  kernel<X, Reducing>({
    infer: ({ x }, { axis, keepDims }) => ({
      shape: withoutAxes(x, reducedAxes({ x }, axis), keepDims),
      dtype: dtype ?? x.dtype,
    }),
    rows: {
      cut: ({ inputs, attributes }) =>
        reducedAxes(inputs, attributes.axis).includes(0) ? acrossRows : 'rows',
    },
  })

const max: Kernel<X, MaxAttributes> = {
  infer: ({ x }, { reductionIndices, keepDims }) => ({
    shape: withoutAxes(x, reducedAxes({ x }, reductionIndices), keepDims),
    dtype: x.dtype,
  }),
  rows: {
    cut: ({ inputs, attributes }) => when(!reducedAxes(inputs, attributes.reductionIndices).includes(0)),
  },
}

const arg = kernel<X, { readonly axis: number }>({
  infer: ({ x }, { axis }) => ({ shape: withoutAxes(x, [axis]), dtype: 'int32' }),
  rows: { cut: ({ inputs, attributes }) => unlessAlong(attributes.axis, inputs.x) },
})

/** Kernels that fold axes away. */
export const reductions = {
  All: reduction('bool'),
  Any: reduction('bool'),
  ArgMax: arg,
  ArgMin: arg,
  Max: max,
  Mean: reduction('float32', 'sum'),
  Min: reduction(),
  Prod: reduction(),
  Sum: reduction(undefined, 'sum'),
  TopK: kernel<X, { readonly k: number; readonly sorted: boolean }>({
    infer({ x }, { k }): readonly Inferred[] {
      const shape = [...x.shape.slice(0, -1), k]
      return [
        { shape, dtype: x.dtype },
        { shape, dtype: 'int32' },
      ]
    },
  }),
}

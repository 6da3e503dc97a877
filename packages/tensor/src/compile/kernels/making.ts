import type { GraphDType, Value } from '../value'
import { kernel } from './kernel'

export type Nothing = Readonly<Record<never, Value>>

/** Kernels that make values of numbers, or of indices. */
export const making = {
  Fill: kernel<
    Nothing,
    { readonly shape: readonly number[]; readonly value: number | boolean; readonly dtype?: GraphDType }
  >({
    infer: (_, { shape, value, dtype }) => ({
      shape,
      dtype: dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32'),
    }),
  }),
  LinSpace: kernel<Nothing, { readonly start: number; readonly stop: number; readonly num: number }>({
    infer: (_, { num }) => ({ shape: [num], dtype: 'float32' }),
  }),
  OneHot: kernel<
    { readonly indices: Value },
    {
      readonly depth: number
      readonly onValue?: number
      readonly offValue?: number
      readonly dtype?: GraphDType
    }
  >({
    infer: ({ indices }, { depth, dtype = 'int32' }) => ({ shape: [...indices.shape, depth], dtype }),
    rows: { cut: () => 'rows' },
  }),
  Range: kernel<
    Nothing,
    { readonly start: number; readonly stop: number; readonly step: number; readonly dtype?: GraphDType }
  >({
    infer: (_, { start, stop, step, dtype = 'float32' }) => ({
      shape: [Math.max(0, Math.ceil((stop - start) / step))],
      dtype,
    }),
  }),
}

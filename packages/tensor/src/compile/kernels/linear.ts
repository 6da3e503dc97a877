import { broadcastShapes } from '../../ops/broadcast'
import type { Value } from '../value'
import { type IsCut, kernel, type Use } from './kernel'
import { unlessAlong, when } from './rows'

export type Pair = { readonly a: Value; readonly b: Value }
export type Transposing = { readonly transposeA?: boolean; readonly transposeB?: boolean }

const batchMatMul = kernel<Pair, Transposing>({
  infer: ({ a, b }, { transposeA, transposeB }) => ({
    shape: [
      ...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)),
      a.shape.at(transposeA ? -1 : -2)!,
      b.shape.at(transposeB ? -2 : -1)!,
    ],
    dtype: a.dtype,
  }),
  rows: {
    cut(use, isCut) {
      const { a, b } = use.inputs
      const { transposeA, transposeB } = use.attributes
      if (use.outputs[0]!.shape.length > 2) return when(keepsRows(a, use, isCut) && keepsRows(b, use, isCut))
      if (isCut(a) && isCut(b)) return when(Boolean(transposeA) && !transposeB, 'sum')
      return when(isCut(a) && !transposeA)
    },
  },
})

/** Whether an operand of a batch of products is cut where the batch is. */
function keepsRows({ shape, ...value }: Value, { outputs }: Use<Pair, Transposing>, isCut: IsCut): boolean {
  const repeated = shape.length < outputs[0]!.shape.length || shape[0] === 1
  return isCut({ shape, ...value }) !== repeated
}

export type Logits = { readonly logits: Value }

/** Matrix products and softmax. */
export const linear = {
  BatchMatMul: batchMatMul,
  LogSoftmax: kernel<Logits>({
    infer: ({ logits }) => logits,
  }),
  Softmax: kernel<Logits>({
    infer: ({ logits }) => logits,
    rows: { cut: ({ inputs }) => unlessAlong(-1, inputs.logits) },
  }),
}

import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { stretched } from './broadcast'
import { withWindow } from './heap'
import { LONG, multiply } from './multiply'
import type { Replacement } from './register'

/** Below this many multiplications a matrix, the plain kernel is as fast. */
const SMALL = 4096

/**
 * `BatchMatMul` by the fast path of the WASM module, which the plain kernel takes for one untransposed pair of
 * matrices only: transposes first, folds the batch into the rows when `b` is one matrix, and otherwise multiplies
 * pair by pair in place.
 */
export const batchMatMul: Replacement = (plain) => (args) => {
  const { a, b } = args.inputs as { a: Info; b: Info }
  const { transposeA, transposeB } = args.attrs as { transposeA: boolean; transposeB: boolean }
  const backend = args.backend as BackendWasm
  const [m, k] = matrix(a, transposeA)
  const [inner, n] = matrix(b, transposeB)
  if (k !== inner || a.dtype !== 'float32' || b.dtype !== 'float32') return plain(args)
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  // The plain kernel divides by the number of pairs.
  if (outer.includes(0)) return backend.makeOutput([...outer, m, n], 'float32')
  if (count(a) === 1 && count(b) === 1 && !transposeA && !transposeB && k <= LONG) return plain(args)
  if (m * k * n < SMALL && k <= LONG && pairsUp(a, b)) return plain(args)

  const left = transposeA ? transposed(backend, a) : a
  const right = transposeB ? transposed(backend, b) : b
  const out = backend.makeOutput([...outer, m, n], 'float32')
  if (count(b) === 1) {
    multiply(backend, left, right, out, [count(a) * m, k, n])
  } else {
    const ofA = stretched(a.shape.slice(0, -2), outer)
    const ofB = stretched(b.shape.slice(0, -2), outer)
    for (let i = 0; i < tf.util.sizeFromShape(outer); i++) {
      withWindow(backend, left, ofA(i) * m * k, [m, k], (x) =>
        withWindow(backend, right, ofB(i) * k * n, [k, n], (y) =>
          withWindow(backend, out, i * m * n, [m, n], (z) => multiply(backend, x, y, z, [m, k, n])),
        ),
      )
    }
  }
  if (transposeA) backend.disposeData(left.dataId)
  if (transposeB) backend.disposeData(right.dataId)
  return out
}

/** `_FusedMatMul` with its operands transposed first. */
export const fusedMatMul: Replacement = (plain) => (args) => {
  const { a, b } = args.inputs as { a: Info; b: Info }
  const { transposeA, transposeB } = args.attrs as { transposeA: boolean; transposeB: boolean }
  const backend = args.backend as BackendWasm
  if ((!transposeA && !transposeB) || a.dtype !== 'float32' || b.dtype !== 'float32') return plain(args)
  const left = transposeA ? transposed(backend, a) : a
  const right = transposeB ? transposed(backend, b) : b
  const out = plain({
    ...args,
    inputs: { ...args.inputs, a: left, b: right },
    attrs: { ...args.attrs, transposeA: false, transposeB: false },
  })
  if (transposeA) backend.disposeData(left.dataId)
  if (transposeB) backend.disposeData(right.dataId)
  return out
}

/** `x` with its last two axes exchanged. */
export function transposed(backend: BackendWasm, x: Info): Info {
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  const flat = { ...x, shape: [count(x), rows, columns] }
  const out = tf.getKernel('Transpose', 'wasm').kernelFunc({
    inputs: { x: flat },
    backend,
    attrs: { perm: [0, 2, 1] } as unknown as tf.NamedAttrMap,
  }) as Info
  return { ...out, shape: [...x.shape.slice(0, -2), columns, rows] }
}

function matrix(x: Info, transpose: boolean): [rows: number, columns: number] {
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  return transpose ? [columns, rows] : [rows, columns]
}

function count(x: Info): number {
  return tf.util.sizeFromShape(x.shape.slice(0, -2))
}

/** Whether the plain kernel pairs the batches rightly: equal, or one of them single. */
function pairsUp(a: Info, b: Info): boolean {
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  return count(a) === 1 || count(b) === 1 || tf.util.arraysEqual(outerA, outerB)
}

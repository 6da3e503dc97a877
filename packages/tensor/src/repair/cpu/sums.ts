import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import { stretched } from '../kernels/broadcast'
import { LONG } from '../kernels/multiply'
import { forFloats, forIntegers, type Replacement } from '../kernels/register'
import { runningSums } from '../running-sums'
import { type CpuBackend, floatsOf, integersOf, valuesOf } from './host'

/** `Cumsum` in float64. */
const cumsum = forFloats(({ inputs, attrs, backend: held }) => {
  const { x } = inputs as { x: Info }
  const backend = held as CpuBackend
  return floatsOf(backend, x.shape, (to) =>
    runningSums(valuesOf(backend, x), to, x.shape, attrs as unknown as tf.CumsumAttrs),
  )
})

/** `BatchMatMul` of many terms in float64: tfjs adds every 48 of them to a float32. */
const batchMatMul: Replacement = (plain) => (args) => {
  const { a, b } = args.inputs as { a: Info; b: Info }
  const { transposeA, transposeB } = args.attrs as { transposeA: boolean; transposeB: boolean }
  const [k, m] = sides(a, transposeA).reverse() as [number, number]
  const n = sides(b, transposeB)[1]!
  if (k <= LONG || a.dtype !== 'float32' || b.dtype !== 'float32') return plain(args)
  const backend = args.backend as CpuBackend
  const [x, y] = [valuesOf(backend, a), valuesOf(backend, b)]
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const [ofA, ofB] = [a, b].map((side) => stretched(side.shape.slice(0, -2), outer)) as [Place, Place]
  const [row, term] = transposeA ? [1, m] : [k, 1]
  const [next, column] = transposeB ? [1, k] : [n, 1]
  return floatsOf(backend, [...outer, m, n], (to) => {
    for (let i = 0; i < to.length; i += n) {
      const batch = Math.floor(i / (m * n))
      const fromA = ofA(batch) * m * k + ((i / n) % m) * row
      const fromB = ofB(batch) * k * n
      const sums = new Float64Array(n)
      for (let l = 0; l < k; l++) {
        const factor = x[fromA + l * term]!
        for (let j = 0; j < n; j++) sums[j]! += factor * y[fromB + l * next + j * column]!
      }
      to.set(sums, i)
    }
  })
}

/** `Prod` of integers in 32 bits: tfjs multiplies in float64, which does not hold the digits of larger ones. */
const prod = forIntegers(({ inputs, attrs, backend: held }) => {
  const { x } = inputs as { x: Info }
  const { axis, keepDims } = attrs as unknown as tf.ProdAttrs
  const backend = held as CpuBackend
  const axes = tf.util.parseAxisParam(axis, x.shape)
  const [kept] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes)
  const [from, strides, steps] = [valuesOf(backend, x), ...[x.shape, kept].map(tf.util.computeStrides)]
  const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(kept, axes) : kept
  return integersOf(backend, shape, (to) => {
    to.fill(1)
    for (let i = 0; i < from.length; i++) {
      const place = tf.util
        .indexToLoc(i, x.shape.length, strides!)
        .filter((_, along) => !axes.includes(along))
      const at = tf.util.locToIndex(place, kept.length, steps!)
      to[at] = Math.imul(to[at]!, from[i]!)
    }
  })
})

type Place = (index: number) => number

function sides({ shape }: Info, transposed: boolean): number[] {
  const [rows, columns] = shape.slice(-2)
  return transposed ? [columns!, rows!] : [rows!, columns!]
}

export const sums: Readonly<Record<string, Replacement>> = {
  BatchMatMul: batchMatMul,
  Cumsum: cumsum,
  Prod: prod,
}

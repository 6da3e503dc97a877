import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { isAllFinite } from './finite'
import type { Replacement } from './register'

interface Attributes {
  readonly axis?: number | number[]
  readonly keepDims?: boolean
}

/** Up to so many numbers side by side, the module's own sum is no less exact, and faster. */
const SHORT = 16

/**
 * A sum in float64, whatever the axes; a mean divides it. The module adds in one float32, which grows no more once it is 2²⁴
 * times a term, and leaves memory as it was where there is nothing to add.
 */
const summing =
  (divided: boolean): Replacement =>
  (plain) =>
  (args) => {
    const { x } = args.inputs as { x: Info }
    const { runs, shape, count } = plan(x.shape, args.attrs as Attributes)
    const backend = args.backend as BackendWasm
    const short = count > 0 && count <= SHORT && runs.length === 2 && runs[1]!.folded
    if (short) {
      const out = plain(args) as Info
      // Infinite where a sum leaves float32 on the way.
      if (isAllFinite(backend, out)) return out
      backend.disposeData(out.dataId)
    }
    const out = backend.makeOutput(shape, divided ? 'float32' : x.dtype)
    const sums = folded(backend.typedArrayFromHeap(x) as Values, runs)
    const to = backend.typedArrayFromHeap(out)
    for (let i = 0; i < to.length; i++) to[i] = sums[i]! / (divided ? count : 1)
    return out
  }

export const sum = summing(false)

export const mean = summing(true)

/** Neighbouring axes that are all summed, or all kept. */
interface Run {
  length: number
  readonly folded: boolean
}

/** The axes in runs, the shape of the result, and how many numbers are summed for each of its entries. */
function plan(from: readonly number[], { axis, keepDims }: Attributes) {
  const axes = tf.util.parseAxisParam(axis!, [...from])
  const runs: Run[] = []
  const shape: number[] = []
  let count = 1
  for (const [i, length] of from.entries()) {
    const folded = axes.includes(i)
    const last = runs.at(-1)
    if (last?.folded === folded) last.length *= length
    else runs.push({ length, folded })
    if (folded) count *= length
    if (!folded || keepDims) shape.push(folded ? 1 : length)
  }
  return { runs, shape, count }
}

/** The sums along the folded runs, the last first. */
function folded(x: Values, runs: readonly Run[]): Values {
  let values = x
  let inner = 1
  for (const [i, { length, folded }] of [...runs.entries()].reverse()) {
    const outer = runs.slice(0, i).reduce((size, run) => size * run.length, 1)
    if (!folded) inner *= length
    else values = inner === 1 ? rowSums(values, outer, length) : columnSums(values, outer, length, inner)
  }
  return values
}

type Values = Float32Array | Int32Array | Uint8Array | Float64Array

/** Of [outer, length]. */
function rowSums(x: Values, outer: number, length: number): Float64Array {
  const sums = new Float64Array(outer)
  for (let row = 0; row < outer; row++) sums[row] = sumBetween(x, row * length, (row + 1) * length)
  return sums
}

/** Eight numbers at once: sums that wait for each other take most of the time. */
function sumBetween(x: Values, start: number, end: number): number {
  let a = 0
  let b = 0
  let i = start
  for (; i + 7 < end; i += 8) {
    a += x[i]! + x[i + 1]! + (x[i + 2]! + x[i + 3]!)
    b += x[i + 4]! + x[i + 5]! + (x[i + 6]! + x[i + 7]!)
  }
  for (; i < end; i++) a += x[i]!
  return a + b
}

/** Of [outer, length, inner], along the second axis: four rows at once. */
function columnSums(x: Values, outer: number, length: number, inner: number): Float64Array {
  const sums = new Float64Array(outer * inner)
  for (let o = 0; o < outer; o++) {
    const to = o * inner
    let row = 0
    for (; row + 3 < length; row += 4) {
      const p = (o * length + row) * inner
      for (let i = 0; i < inner; i++) {
        const q = p + i
        sums[to + i]! += x[q]! + x[q + inner]! + (x[q + 2 * inner]! + x[q + 3 * inner]!)
      }
    }
    for (; row < length; row++) {
      const p = (o * length + row) * inner
      for (let i = 0; i < inner; i++) sums[to + i]! += x[p + i]!
    }
  }
  return sums
}

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { compiled, floats, handle, shapeBytes, withWindow } from './heap'

type Sizes = readonly [m: number, k: number, n: number]

/** More terms than this lose too many digits in the module's running sums. */
export const LONG = 2048

/** So many terms lose none to speak of: 2e-6 where all are equal. */
const BLOCK = 256

/** For so few results the module takes longer than JavaScript. */
const FEW = 4

/** out = a · b for row-major matrices [m, k] and [k, n]; other axes of their shapes are ignored. */
export function multiply(backend: BackendWasm, a: Info, b: Info, out: Info, sizes: Sizes): void {
  const [m, k, n] = sizes
  if (k <= LONG) multiplyAtOnce(backend, a, b, out, sizes)
  else if (m * n <= FEW) multiplyExactly(backend, a, b, out, sizes)
  else multiplyInBlocks(backend, a, b, out, sizes)
}

function multiplyAtOnce(backend: BackendWasm, a: Info, b: Info, out: Info, [m, k, n]: Sizes): void {
  const run = compiled(backend, 'BatchMatMul', 9, [1, 4])
  const ids = [a, b, out].map((x) => handle(backend, x)) as [number, number, number]
  run(ids[0], shapeBytes([1, m, k]), 3, ids[1], shapeBytes([1, k, n]), 3, 0, 0, ids[2])
}

/** By blocks of terms, whose sums are added in float64. */
function multiplyInBlocks(backend: BackendWasm, a: Info, b: Info, out: Info, [m, k, n]: Sizes): void {
  const columns = backend.makeOutput([m, BLOCK], 'float32')
  const part = backend.makeOutput([m, n], 'float32')
  const total = new Float64Array(m * n)
  for (let start = 0; start < k; start += BLOCK) {
    const width = Math.min(BLOCK, k - start)
    const [from, to] = [floats(backend, a), floats(backend, columns)]
    for (let i = 0; i < m; i++) {
      to.set(from.subarray(i * k + start, i * k + start + width), i * width)
    }
    withWindow(backend, b, start * n, [width, n], (rows) =>
      multiplyAtOnce(backend, columns, rows, part, [m, width, n]),
    )
    const sums = floats(backend, part)
    for (let i = 0; i < total.length; i++) total[i]! += sums[i]!
  }
  floats(backend, out).set(total)
  backend.disposeData(columns.dataId)
  backend.disposeData(part.dataId)
}

/** Term by term, in float64. */
function multiplyExactly(backend: BackendWasm, a: Info, b: Info, out: Info, [m, k, n]: Sizes): void {
  const [x, y, to] = [floats(backend, a), floats(backend, b), floats(backend, out)]
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0
      for (let l = 0; l < k; l++) total += x[i * k + l]! * y[l * n + j]!
      to[i * n + j] = total
    }
  }
}

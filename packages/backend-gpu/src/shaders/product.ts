import { sizeOf } from '@sgm/tensor/compile'
import type { Group } from '../plan/fuse'
import type { Shape } from '../plan/group'
import { COLUMNS, threadsOf } from '../plan/tiles'
import type { Tile, Tuning } from '../plan/tuning'
import { type Slots, Writer } from '../wgsl/writer'
import { labelOf } from './map'
import { type Context, GroupReader } from './reader'
import { type Shader, shaderOf } from './shader'

type ProductShape = Extract<Shape, { kind: 'product' }>

/**
 * A product: each workgroup makes a tile of the result from tiles of the operands, which it puts into shared memory; what comes of the
 * elements is worked out before they are put into memory.
 */
export function productShader(
  group: Group,
  { call }: ProductShape,
  slots: Slots,
  context: Context,
  { product: tile }: Tuning,
): Shader {
  const w = new Writer(slots)
  const { product, splits } = call.work
  const { batch, rows, columns, inner } = product
  const [M, N, K] = [w.size(rows), w.size(columns), w.size(inner)]
  const operands = new GroupReader(w, [], context, () => '')
  w.fn('left', 'z: u32, m: u32, k: u32', 'f32', () =>
    guarded(w, `m < ${M} && k < ${K}`, () => product.left(operands, 'z', 'm', 'k')),
  )
  w.fn('right', 'z: u32, k: u32, n: u32', 'f32', () =>
    guarded(w, `k < ${K} && n < ${N}`, () => product.right(operands, 'z', 'k', 'n')),
  )
  w.fn('finish', 'z: u32, m: u32, n: u32, value: f32', undefined, () => {
    w.block(`if (m < ${M} && n < ${N})`, () => {
      w.line(`let at = (z * ${M} + m) * ${N} + n;`)
      const results = new GroupReader(w, group.calls, context, () => 'at')
      results.set(call.outputs[0]!, 'value')
      const elements = group.written.map((value) => results.own(value))
      group.written.forEach((value, i) => {
        w.store(value, 'at', elements[i]!)
      })
    })
    return undefined
  })
  const share = Math.ceil(Math.ceil(inner / splits) / tile.inner) * tile.inner
  writeTile(w, tile, {
    batch: w.size(batch),
    first: splits === 1 ? '0u' : `group.z / ${w.size(batch)} * ${w.size(share)}`,
    count: splits === 1 ? K : w.size(share),
    operand: splits === 1 ? 'group.z' : `group.z % ${w.size(batch)}`,
    leftByRows: product.leftByRows,
    rightByInner: product.rightByInner,
  })
  const grid = [Math.ceil(rows / tile.rows), Math.ceil(columns / tile.columns), batch * splits] as const
  const empty = sizeOf(call.outputs[0]!.shape) === 0
  return shaderOf(w, labelOf(group.calls), threadsOf(tile), empty ? [0, 0, 0] : grid)
}

/** An element where a condition holds, else 0: nothing out of range is worked out. */
function guarded(w: Writer, condition: string, element: () => string): string {
  const result = w.variable('f32', '0.0')
  w.block(`if (${condition})`, () => w.line(`${result} = ${element()};`))
  return result
}

/** What the loop over the inner axis needs to know. */
interface Bounds {
  readonly batch: string
  readonly first: string
  readonly count: string
  /** Which product of the batch. */
  readonly operand: string
  readonly leftByRows: boolean
  readonly rightByInner: boolean
}

function writeTile(w: Writer, tile: Tile, { first, count, operand, leftByRows, rightByInner }: Bounds): void {
  const threads = threadsOf(tile)
  const quads = tile.columns / COLUMNS
  const left = w.shared(`array<f32, ${tile.inner * tile.rows}>`)
  const right = w.shared(`array<vec4<f32>, ${tile.inner * quads}>`)
  const rows = Array.from({ length: tile.perThread }, (_, i) => i)
  w.line(`let m0 = group.x * ${tile.rows}u;`)
  w.line(`let n0 = group.y * ${tile.columns}u;`)
  w.line(`let row = local / ${quads}u * ${tile.perThread}u;`)
  w.line(`let quad = local % ${quads}u;`)
  w.line(`let z = ${operand};`)
  w.line(`let first = ${first};`)
  for (const i of rows) w.line(`var sum${i} = vec4<f32>();`)
  w.block(`for (var k0 = first; k0 < first + ${count}; k0 += ${tile.inner}u)`, () => {
    w.block(`for (var q = local; q < ${tile.inner * tile.rows}u; q += ${threads}u)`, () => {
      w.line(leftByRows ? place('k', 'm', tile.rows) : place('m', 'k', tile.inner))
      w.line(`${left}[k * ${tile.rows}u + m] = left(z, m0 + m, k0 + k);`)
    })
    w.block(`for (var q = local; q < ${tile.inner * tile.columns}u; q += ${threads}u)`, () => {
      w.line(rightByInner ? place('n', 'k', tile.inner) : place('k', 'n', tile.columns))
      w.line(`${right}[k * ${quads}u + n / 4u][n % 4u] = right(z, k0 + k, n0 + n);`)
    })
    w.line('workgroupBarrier();')
    w.block(`for (var k = 0u; k < ${tile.inner}u; k++)`, () => {
      w.line(`let b = ${right}[k * ${quads}u + quad];`)
      for (const i of rows)
        w.line(`sum${i} = fma(vec4<f32>(${left}[k * ${tile.rows}u + row + ${i}u]), b, sum${i});`)
    })
    w.line('workgroupBarrier();')
  })
  for (const i of rows) {
    for (let j = 0; j < COLUMNS; j++)
      w.line(`finish(group.z, m0 + row + ${i}u, n0 + quad * 4u + ${j}u, sum${i}[${j}]);`)
  }
}

/** The two indices of the q-th element of a tile, of which the second one runs faster. */
function place(slow: string, fast: string, length: number): string {
  return `let ${slow} = q / ${length}u; let ${fast} = q % ${length}u;`
}

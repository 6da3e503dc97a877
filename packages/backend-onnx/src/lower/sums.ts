import { sizeOf } from '@sgm/tensor/compile'
import type { Builder } from '../builder'

/** Operators that add numbers up. */
export type Adding = 'ReduceSum' | 'ReduceMean'

/**
 * Numbers that are added one after the other, at most. What float32 loses grows with their count, 0.4 % at 2²² of one size; sums of
 * sums of blocks stay below 10⁻⁶, and take no longer. Fewer than the batches that `toOnnx` traces with, which are primes: so these are
 * not taken for blocks.
 */
export const BLOCK = 96

/** The same for rows of neighbours, of which ONNX Runtime adds up every eighth apart. */
const ROW = 500

/** Blocks smaller than this are not worth an operator. */
const LEAST_BLOCK = 16

/** Axes next to each other, all summed or all kept. */
interface Run {
  readonly size: number
  readonly isSummed: boolean
}

/** Sums over axes of a tensor of the given shape, which its result keeps with size 1 where `keep` is 1. */
export function addUp(
  builder: Builder,
  operator: Adding,
  x: string,
  shape: readonly number[],
  axes: readonly number[],
  keep: number,
): string {
  // To ReduceX no axes are all of them.
  if (axes.length === 0) return x
  const count = sizeOf(axes.map((axis) => shape[axis]!))
  if (count <= BLOCK) return builder.op(operator, [x, builder.ints(axes)], { keepdims: keep })
  const left = shape.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keep ? [1] : []))
  return builder.op('Reshape', [inBlocks(builder, operator, x, runsOf(shape, axes)), builder.ints(left)])
}

function runsOf(shape: readonly number[], axes: readonly number[]): Run[] {
  return joined(shape.map((size, axis) => ({ size, isSummed: axes.includes(axis) })))
}

function joined(runs: readonly Run[]): Run[] {
  const result: Run[] = []
  for (const run of runs) {
    const before = result.at(-1)
    if (before?.isSummed === run.isSummed) result.push({ ...run, size: result.pop()!.size * run.size })
    else result.push(run)
  }
  return result
}

/** Sums the longest run, at once or in blocks, and then the rest. */
function inBlocks(builder: Builder, operator: Adding, x: string, runs: readonly Run[]): string {
  const longest = Math.max(...runs.map(({ size, isSummed }) => (isSummed ? size : 0)))
  const at = runs.findLastIndex(({ size, isSummed }) => isSummed && size === longest)
  if (at < 0) return x
  const { size } = runs[at]!
  const isWhole = size <= (at === runs.length - 1 ? ROW : BLOCK)
  const block = isWhole ? size : blockOf(size)
  if (block === undefined) return padded(builder, operator, x, runs, at)
  const blocks = { size: size / block, isSummed: true }
  const around = [runs.slice(0, at), runs.slice(at + 1)] as const
  const shape = [...around[0], blocks, { size: block }, ...around[1]].map((run) => run.size)
  const added = builder.op(
    operator,
    [builder.op('Reshape', [x, builder.ints(shape)]), builder.ints([at + 1])],
    { keepdims: 0 },
  )
  return inBlocks(
    builder,
    operator,
    added,
    joined([...around[0], ...(isWhole ? [] : [blocks]), ...around[1]]),
  )
}

/** The largest divisor that is a block's size, if there is one. */
export function blockOf(size: number): number | undefined {
  for (let block = BLOCK; block >= LEAST_BLOCK; block--) if (size % block === 0) return block
  return undefined
}

/** Where no block divides a run: zeros are added to it. */
function padded(builder: Builder, operator: Adding, x: string, runs: readonly Run[], at: number): string {
  const { size } = runs[at]!
  const long = Math.ceil(size / BLOCK) * BLOCK
  const pads = [...runs.map(() => 0), ...runs.map((_, i) => (i === at ? long - size : 0))]
  const flat = builder.op('Reshape', [x, builder.ints(runs.map((run) => run.size))])
  const zeros = builder.op('Pad', [flat, builder.ints(pads)])
  const result = inBlocks(builder, operator, zeros, runs.with(at, { size: long, isSummed: true }))
  return operator === 'ReduceMean' ? builder.op('Mul', [result, builder.float(long / size)]) : result
}

/**
 * The sum `[1, columns]` of a matrix's rows as a product with ones, which ONNX Runtime computes up to three times as fast; of many rows, in
 * blocks too.
 */
export function sumOfRows(builder: Builder, matrix: string, rows: number, columns: number): string {
  const ones = (shape: readonly number[]): string =>
    builder.op('Expand', [builder.float(1), builder.ints(shape)])
  if (rows <= BLOCK) return builder.op('MatMul', [ones([1, rows]), matrix])
  const block = blockOf(rows)
  if (block === undefined) {
    const long = Math.ceil(rows / BLOCK) * BLOCK
    const zeros = builder.op('Pad', [matrix, builder.ints([0, 0, long - rows, 0])])
    return sumOfRows(builder, zeros, long, columns)
  }
  const blocks = builder.op('Reshape', [matrix, builder.ints([rows / block, block, columns])])
  const sums = builder.op('MatMul', [ones([1, 1, block]), blocks])
  const fewer = builder.op('Reshape', [sums, builder.ints([rows / block, columns])])
  return sumOfRows(builder, fewer, rows / block, columns)
}

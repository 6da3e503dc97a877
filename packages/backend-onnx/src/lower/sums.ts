import { sizeOf } from '@sgm/tensor/compile'
import type { Builder } from '../builder'
import { elementType } from '../proto'

/** Operators that add numbers up. */
export type Adding = 'ReduceSum' | 'ReduceMean'

/**
 * Numbers that are added one after the other, at most. What float32 loses grows with their count, 0.4 % at 2²² of one size; sums of
 * sums of blocks stay below 10⁻⁶, and take no longer.
 */
export const BLOCK = 32

/**
 * The same for rows of neighbours, of which ONNX Runtime adds up every fourth or eighth apart. Fewer than the batches that `toOnnx` traces
 * with, which are primes: so no sum over a batch is taken for a short one, nor cut into blocks.
 */
const ROW = 100

/** Longer rows are cut into blocks of at most so many. */
const ROW_BLOCK = 64

/** Blocks smaller than this are not worth an operator. */
const LEAST_BLOCK = 8

/** Rows that a product with ones adds up at once: the products add four or more apart too. */
const PRODUCT = 64

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
  return builder.reshape(inBlocks(builder, operator, x, runsOf(shape, axes)), left)
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

/** Sums the longest run, at once or in blocks, and then the rest. @param isShaped Whether the runs are the axes of x. */
function inBlocks(
  builder: Builder,
  operator: Adding,
  x: string,
  runs: readonly Run[],
  isShaped = false,
): string {
  const longest = Math.max(...runs.map(({ size, isSummed }) => (isSummed ? size : 0)))
  const at = runs.findLastIndex(({ size, isSummed }) => isSummed && size === longest)
  if (at < 0) return x
  const { size } = runs[at]!
  const isLast = at === runs.length - 1
  const isWhole = size <= (isLast ? ROW : BLOCK)
  const block = isWhole ? size : blockOf(size, isLast ? ROW_BLOCK : BLOCK)
  if (block === undefined) return widely(builder, operator, x, runs)
  const around = [runs.slice(0, at), runs.slice(at + 1)] as const
  const blocks = isWhole ? [] : [{ size: size / block, isSummed: true }]
  const axes = [...around[0], ...blocks, { size: block }, ...around[1]]
  const parts = isWhole && isShaped ? x : reshaped(builder, x, axes)
  const added = builder.op(operator, [parts, builder.ints([at + blocks.length])], { keepdims: 0 })
  const left = [...around[0], ...blocks, ...around[1]]
  const runsLeft = joined(left)
  return inBlocks(builder, operator, added, runsLeft, runsLeft.length === left.length)
}

const reshaped = (builder: Builder, x: string, runs: readonly Pick<Run, 'size'>[]): string =>
  builder.reshape(
    x,
    runs.map(({ size }) => size),
  )

/** The largest divisor that is a block's size, if there is one. */
export function blockOf(size: number, most = BLOCK): number | undefined {
  for (let block = most; block >= LEAST_BLOCK; block--) if (size % block === 0) return block
  return undefined
}

/** In float64, where no blocks divide a run: filling blocks up would depend on the size, which is the batch's where a model takes any. */
function widely(builder: Builder, operator: Adding, x: string, runs: readonly Run[]): string {
  const wide = builder.op('Cast', [reshaped(builder, x, runs)], { to: elementType.float64 })
  const axes = runs.flatMap(({ isSummed }, i) => (isSummed ? [i] : []))
  const added = builder.op(operator, [wide, builder.ints(axes)], { keepdims: 0 })
  return builder.op('Cast', [added], { to: elementType.float32 })
}

/**
 * The sum `[1, columns]` of a matrix's rows as a product with ones, which ONNX Runtime computes up to three times as fast; of many rows, in
 * blocks too.
 */
export function sumOfRows(builder: Builder, matrix: string, rows: number, columns: number): string {
  if (rows <= PRODUCT) return builder.op('MatMul', [builder.repeated(1, [1, rows]), matrix])
  const block = blockOf(rows, PRODUCT)
  if (block === undefined) return addUp(builder, 'ReduceSum', matrix, [rows, columns], [0], 1)
  const blocks = builder.reshape(matrix, [rows / block, block, columns])
  const sums = builder.op('MatMul', [builder.repeated(1, [1, 1, block]), blocks])
  const fewer = builder.reshape(sums, [rows / block, columns])
  return sumOfRows(builder, fewer, rows / block, columns)
}

import type { Tensor } from '../../types'
import * as ops from '..'
import { type OpCase, type OpName, opCase, toFloat } from './case'
import { build, type Host, host } from './host'

const none = host([0, 3], [])

const filled = (shape: readonly number[], value: number): Host => build(shape, () => value)

const empty = (shape: readonly number[]): Host => host(shape, [])

type Row = readonly [op: OpName, label: string, run: (x: Tensor) => Tensor, result: Host, input?: Host]

const rows: readonly Row[] = [
  ['sum', 'along an empty axis', (x) => ops.sum(x, 0), filled([3], 0)],
  ['sum', 'along an empty axis, kept', (x) => ops.sum(x, 0, true), filled([1, 3], 0)],
  ['sum', 'beside an empty axis', (x) => ops.sum(x, 1), empty([0])],
  ['sum', 'of nothing', (x) => ops.sum(x), host([], [0])],
  ['sum', 'of nothing, along two axes', (x) => ops.sum(x, [0, 2]), filled([2], 0), empty([0, 2, 0])],
  ['sum', 'along no axes', (x) => ops.sum(x, []), none],
  ['sum', 'of no integers', (x) => toFloat(ops.sum(ops.cast(x, 'int32'), 0)), filled([3], 0)],
  ['mean', 'beside an empty axis', (x) => ops.mean(x, 1), empty([0])],
  ['prod', 'along an empty axis', (x) => ops.prod(x, 0), filled([3], 1)],
  ['prod', 'of nothing', (x) => ops.prod(x), host([], [1])],
  ['all', 'along an empty axis', (x) => toFloat(ops.all(ops.greater(x, 0), 0)), filled([3], 1)],
  ['all', 'of nothing', (x) => toFloat(ops.all(ops.greater(x, 0))), host([], [1])],
  ['any', 'along an empty axis', (x) => toFloat(ops.any(ops.greater(x, 0), 0)), filled([3], 0)],
  ['any', 'of nothing', (x) => toFloat(ops.any(ops.greater(x, 0))), host([], [0])],
  ['max', 'beside an empty axis', (x) => ops.max(x, 1), empty([0])],
  ['min', 'beside an empty axis', (x) => ops.min(x, 1), empty([0])],
  ['argMax', 'beside an empty axis', (x) => toFloat(ops.argMax(x)), empty([0])],
  ['logSumExp', 'beside an empty axis', (x) => ops.logSumExp(x, 1), empty([0])],
  ['cumsum', 'along an empty axis', (x) => ops.cumsum(x, 0), none],
  ['sumRows', 'of no rows', ops.sumRows, empty([0])],
  ['sumRows', 'of empty rows', ops.sumRows, filled([2], 0), empty([2, 0])],
  ['dotRows', 'of empty rows', (x) => ops.dotRows(x, x), filled([2], 0), empty([2, 0])],
  ['softmax', 'of nothing', (x) => ops.softmax(x), none],
  ['softmax', 'along an empty axis', (x) => ops.softmax(x, 0), none],
  ['logSoftmax', 'of nothing', (x) => ops.logSoftmax(x), none],
  ['matMul', 'with no inner axis', (x) => ops.matMul(x, ops.zeros([0, 3])), filled([2, 3], 0), empty([2, 0])],
  ['matMul', 'with no inner axis, transposed', (x) => ops.matMul(x, x, { transposeA: true }), filled([3, 3], 0)],
  ['matMul', 'with no inner axis, in batches', (x) => ops.matMul(x, x, { transposeB: true }), filled([2, 4, 4], 0), empty([2, 4, 0])],
  ['matMul', 'with no rows', (x) => ops.matMul(x, ops.ones([3, 2])), empty([0, 2])],
  ['matMul', 'with no batch', (x) => ops.matMul(x, ops.ones([3, 2])), empty([0, 4, 2]), empty([0, 4, 3])],
  ['add', 'of nothing and a number', (x) => ops.add(x, 1), none],
  ['add', 'of nothing and a row', (x) => ops.add(x, ops.ones([1, 3])), none],
  ['mul', 'of a row and nothing', (x) => ops.mul(x, ops.zeros([0, 3])), none, host([1, 3], [1, 2, 3])],
  ['where', 'of nothing and rows', (x) => ops.where(ops.greater(x, 0), ops.ones([1, 3]), ops.zeros([0, 1])), none],
  ['exp', 'of nothing', ops.exp, none],
  ['where', 'of nothing', (x) => ops.where(ops.greater(x, 0), x, 1), none],
  ['clip', 'of nothing', (x) => ops.clip(x, 0, 1), none],
  ['cast', 'of nothing', (x) => toFloat(ops.cast(x, 'int32')), none],
  ['concat', 'of nothing and something', (x) => ops.concat([x, ops.ones([2, 3])]), filled([2, 3], 1)],
  ['concat', 'of nothing and nothing', (x) => ops.concat([x, x], 1), empty([0, 6])],
  ['stack', 'of nothing', (x) => ops.stack([x, x], 1), empty([0, 2, 3])],
  ['unstack', 'of empty rows', (x) => ops.unstack(x)[1]!, empty([0]), empty([2, 0])],
  ['splitAxis', 'into nothing and something', (x) => ops.splitAxis(x, [0, 2])[0]!, empty([0, 3]), filled([2, 3], 1)],
  ['slice', 'of nothing', (x) => ops.slice(x, [1, 0], [0, 3]), none, filled([2, 3], 1)],
  ['pad', 'of nothing', (x) => ops.pad(x, [[1, 1], [0, 0]], 5), filled([2, 3], 5)],
  ['tile', 'of nothing', (x) => ops.tile(x, [2, 2]), empty([0, 6])],
  ['reshape', 'of nothing', (x) => ops.reshape(x, [3, -1]), empty([3, 0])],
  ['broadcastTo', 'nothing', (x) => ops.broadcastTo(x, [2, 0]), empty([2, 0]), filled([2, 1], 1)],
  ['broadcastTo', 'nothing along a new axis', (x) => ops.broadcastTo(x, [0, 3]), none, host([3], [1, 2, 3])],
  ['broadcastTo', 'nothing, from a number', (x) => ops.broadcastTo(x, [2, 0]), empty([2, 0]), host([], [1])],
  ['where', 'of a row and nothing', (x) => ops.where(ops.greater(x, 0), ops.zeros([0, 3]), 2), none, host([3], [1, 2, 3])],
  ['where', 'of nothing and a row', (x) => ops.where(ops.greater(ops.zeros([0, 3]), 0), x, 2), none, host([3], [1, 2, 3])],
  ['maximum', 'of a row and nothing', (x) => ops.maximum(x, ops.zeros([0, 3])), none, host([3], [1, 2, 3])],
  ['logicalAnd', 'of a row and nothing', (x) => toFloat(ops.logicalAnd(ops.greater(x, 0), ops.zeros([0, 3], 'bool'))), none, host([3], [1, 2, 3])],
  ['logicalOr', 'of nothing and a row', (x) => toFloat(ops.logicalOr(ops.zeros([0, 3], 'bool'), ops.greater(x, 0))), none, host([1, 3], [1, 2, 3])],
  ['equal', 'of a row and nothing', (x) => toFloat(ops.equal(x, ops.zeros([0, 3]))), none, host([3], [1, 2, 3])],
  ['add', 'of integers and none', (x) => toFloat(ops.add(ops.cast(x, 'int32'), ops.zeros([0, 3], 'int32'))), none, host([3], [1, 2, 3])],
  ['matMul', 'with no batch on the right', (x) => ops.matMul(x, ops.zeros([0, 3, 4])), empty([0, 2, 4]), filled([2, 3], 1)],
  ['matMul', 'with no batch beside several', (x) => ops.matMul(x, ops.zeros([0, 2, 3, 4])), empty([0, 2, 2, 4]), filled([2, 2, 3], 1)],
  ['reverse', 'of nothing', (x) => ops.reverse(x), none],
  ['transpose', 'of nothing', (x) => ops.transpose(x), empty([3, 0])],
  ['transpose', 'of nothing, four axes', (x) => ops.transpose(x, [0, 2, 3, 1]), empty([1, 0, 3, 2]), empty([1, 2, 0, 3])],
  ['gather', 'nothing', (x) => ops.gather(x, ops.zeros([0], 'int32')), none, filled([2, 3], 1)],
  ['gather', 'nothing from nothing', (x) => ops.gather(x, ops.zeros([0], 'int32')), none],
  ['gather', 'of empty rows', (x) => ops.gather(x, ops.tensor([1, 1, 0], [3], 'int32')), empty([3, 0]), empty([2, 0])],
  ['cast', 'nothing to integers', (x) => toFloat(ops.cast(x, 'int32')), empty([0]), empty([0])],
  ['oneHot', 'of nothing', () => ops.oneHot(ops.zeros([0], 'int32'), 4), empty([0, 4])],
] // biome-ignore format: rows

/** Ops on tensors without elements, and what comes of folding none. */
export const nothingCases: readonly OpCase[] = rows.map(([op, label, run, result, input = none]) =>
  opCase(
    op,
    label,
    op === 'oneHot' ? [] : [input],
    (x) => run(x!),
    () => result,
    true,
  ),
)

import type { Tensor } from '../../types'
import * as ops from '..'
import { type OpCase, type OpName, opCase } from './case'
import { at, build, type Host, padded, spread } from './host'

const x = spread([2, 3, 4])
const int = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  ops.tensor([...values], shape, 'int32')

/** A case whose result is x's entries at indices computed from the result's. */
function moved(
  op: OpName,
  label: string,
  shape: readonly number[],
  run: (x: Tensor) => Tensor,
  from: (index: number[]) => number[],
  input: Host = x,
): OpCase {
  return opCase(
    op,
    label,
    [input],
    (x) => run(x!),
    (x) => build(shape, (index) => at(x!, from(index))),
  )
}

const flat =
  (shape: readonly number[]) =>
  (index: number[]): number[] => {
    const position = index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0)
    return [Math.floor(position / 12), Math.floor(position / 4) % 3, position % 4]
  }

export const shapeCases: readonly OpCase[] = [
  moved('reshape', '', [4, 6], (x) => ops.reshape(x, [4, -1]), flat([4, 6])),
  moved(
    'transpose',
    'reversed',
    [4, 3, 2],
    (x) => ops.transpose(x),
    ([a, b, c]) => [c!, b!, a!],
  ),
  moved(
    'transpose',
    'in order',
    [3, 4, 2],
    (x) => ops.transpose(x, [1, 2, 0]),
    ([a, b, c]) => [c!, a!, b!],
  ),
  moved(
    'expandDims',
    '',
    [2, 1, 3, 4],
    (x) => ops.expandDims(x, 1),
    ([a, , b, c]) => [a!, b!, c!],
  ),
  moved(
    'squeeze',
    '',
    [3],
    (x) => ops.squeeze(x),
    ([a]) => [0, a!, 0],
    spread([1, 3, 1]),
  ),
  moved(
    'squeeze',
    'one axis',
    [1, 3],
    (x) => ops.squeeze(x, -1),
    ([a, b]) => [a!, b!, 0],
    spread([1, 3, 1]),
  ),
  moved(
    'splitAxis',
    'sizes',
    [2, 3, 3],
    (x) => ops.splitAxis(x, [1, 3], 2)[1]!,
    ([a, b, c]) => [a!, b!, c! + 1],
  ),
  moved(
    'splitAxis',
    'halves',
    [2, 3, 2],
    (x) => ops.splitAxis(x, 2, 2)[1]!,
    ([a, b, c]) => [a!, b!, c! + 2],
  ),
  moved(
    'unstack',
    '',
    [2, 4],
    (x) => ops.unstack(x, 1)[2]!,
    ([a, b]) => [a!, 2, b!],
  ),
  moved(
    'slice',
    '',
    [1, 2, 3],
    (x) => ops.slice(x, [1, 0, 1], [1, 2, -1]),
    ([a, b, c]) => [a! + 1, b!, c! + 1],
  ),
  moved(
    'tile',
    '',
    [4, 3, 12],
    (x) => ops.tile(x, [2, 1, 3]),
    ([a, b, c]) => [a! % 2, b!, c! % 4],
  ),
  moved(
    'broadcastTo',
    '',
    [2, 3, 4],
    (x) => ops.broadcastTo(x, [2, 3, 4]),
    ([, b]) => [b!, 0],
    spread([3, 1]),
  ),
  moved(
    'reverse',
    'all axes',
    [2, 3, 4],
    (x) => ops.reverse(x),
    ([a, b, c]) => [1 - a!, 2 - b!, 3 - c!],
  ),
  moved(
    'reverse',
    'some of six axes',
    [1, 2, 2, 1, 3, 1],
    (x) => ops.reverse(x, [1, 4]),
    ([, a, b, , c]) => [0, 1 - a!, b!, 0, 2 - c!, 0],
    spread([1, 2, 2, 1, 3, 1]),
  ),
  moved(
    'gather',
    'repeated rows',
    [4, 3, 4],
    (x) => ops.gather(x, int([1, 0, 1, 1])),
    ([a, b, c]) => [[1, 0, 1, 1][a!]!, b!, c!],
  ),
  moved(
    'gather',
    'an inner axis',
    [2, 3, 4],
    (x) => ops.gather(x, int([2, 0, 2]), 1),
    ([a, b, c]) => [a!, [2, 0, 2][b!]!, c!],
  ),
  moved(
    'gather',
    'a table of indices',
    [2, 3, 2, 2],
    (x) => ops.gather(x, int([3, 3, 0, 1], [2, 2]), -1),
    ([a, b, c, d]) => [a!, b!, [3, 3, 0, 1][2 * c! + d!]!],
  ),
  moved(
    'alignRows',
    '',
    [5, 1, 1],
    (v) => ops.alignRows(v, ops.zeros([5, 2, 2])),
    ([a]) => [a!],
    spread([5]),
  ),
  opCase(
    'pad',
    '',
    [x],
    (x) =>
      ops.pad(
        x!,
        [
          [0, 1],
          [2, 0],
          [1, 1],
        ],
        0.5,
      ),
    (
      x, // biome-ignore format: pairs
    ) =>
      build([3, 5, 6], ([a, b, c]) => {
        const inside = a! < 2 && b! >= 2 && c! >= 1 && c! <= 4
        return inside ? padded(x!, [a!, b! - 2, c! - 1]) : 0.5
      }),
  ),
  opCase(
    'pad',
    'five axes',
    [spread([1, 2, 1, 2, 1])],
    (x) => ops.pad(x!, [[0, 0], [1, 0], [0, 0], [0, 1], [0, 0]], 0.5), // biome-ignore format: pairs
    (x) => build([1, 3, 1, 3, 1], ([, a, , b]) => (a! > 0 && b! < 2 ? at(x!, [0, a! - 1, 0, b!, 0]) : 0.5)),
  ),
  opCase(
    'concat',
    '',
    [x, spread([2, 2, 4], -1, 1, 1)],
    (a, b) => ops.concat([a!, b!], 1),
    (a, b) => build([2, 5, 4], ([i, j, k]) => (j! < 3 ? at(a!, [i!, j!, k!]) : at(b!, [i!, j! - 3, k!]))),
  ),
  ...[0, 1, -1].map((axis) =>
    opCase(
      'stack',
      `axis ${axis}`,
      [spread([2, 3]), spread([2, 3], -1, 1, 1)],
      (a, b) => ops.stack([a!, b!], axis),
      (a, b) => {
        const along = axis < 0 ? axis + 3 : axis
        return build([2, 3].toSpliced(along, 0, 2), (index) =>
          at(index[along] === 0 ? a! : b!, index.toSpliced(along, 1)),
        )
      },
    ),
  ),
]

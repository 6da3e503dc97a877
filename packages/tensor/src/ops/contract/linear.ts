import * as ops from '..'
import { type OpCase, opCase } from './case'
import { at, broadcast, build, type Host, reduced, spread } from './host'

const swap = (x: Host): Host => {
  const shape = [...x.shape.slice(0, -2), x.shape.at(-1)!, x.shape.at(-2)!]
  return build(shape, (index) => at(x, [...index.slice(0, -2), index.at(-1)!, index.at(-2)!]))
}

const product = (a: Host, b: Host): Host => {
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))
  return build([...batch, a.shape.at(-2)!, b.shape.at(-1)!], (index) => {
    const lead = index.slice(0, -2)
    let sum = 0
    for (let k = 0; k < a.shape.at(-1)!; k++) {
      sum += at(a, [...lead, index.at(-2)!, k]) * at(b, [...lead, k, index.at(-1)!])
    }
    return sum
  })
}

const products = [
  ['matrices', [3, 4], [4, 2]],
  ['one batch', [2, 3, 4], [2, 4, 2]],
  ['a matrix for all of a batch', [2, 3, 4], [4, 2]],
  ['a batch for one matrix', [3, 4], [2, 4, 2]],
  ['batches that stretch', [2, 1, 2, 3], [2, 3, 2]],
] as const

const matMuls = products.flatMap(([label, a, b]) =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => {
      const left = spread(a)
      const right = spread(b, -1, 1, 1)
      return opCase(
        'matMul',
        `${label}${transposeA ? ', first transposed' : ''}${transposeB ? ', second transposed' : ''}`,
        [transposeA ? swap(left) : left, transposeB ? swap(right) : right],
        (a, b) => ops.matMul(a!, b!, { transposeA, transposeB }),
        (a, b) => product(transposeA ? swap(a!) : a!, transposeB ? swap(b!) : b!),
      )
    }),
  ),
)

export const linearCases: readonly OpCase[] = [
  ...matMuls,
  opCase(
    'dotRows',
    '',
    [spread([2, 3, 2]), spread([2, 3, 2], -1, 1, 1)],
    (a, b) => ops.dotRows(a!, b!),
    (a, b) =>
      reduced(
        (v) => v.reduce((s, e) => s + e, 0),
        [1, 2],
      )(build(a!.shape, (index) => at(a!, index) * at(b!, index))),
  ),
]

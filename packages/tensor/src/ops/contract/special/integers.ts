import type { Tensor } from '../../../types'
import * as ops from '../..'
import { type OpName, toFloat } from '../case'
import { build } from '../host'
import type { SpecialCase } from './case'

const MOST = 2 ** 31 - 1
const LEAST = -(2 ** 31)

/** What is left of an integer in 32 bits, as two's complement has it. */
const wrapped = (n: bigint): number => Number(BigInt.asIntN(32, n))

/** Ends of the range, and numbers that are no floats and whose products are none. */
const numbers = [0, 1, -1, 2, 7, -7, 46341, 123456789, -123456789, 16777217, MOST, LEAST]
const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const))

/** Integers, compared as such: floats would round them. The input is zeros, so that nothing is known beforehand. */
function integerCase(
  op: OpName,
  operands: readonly (readonly number[])[],
  run: (...x: Tensor[]) => Tensor,
  wanted: readonly number[],
): SpecialCase {
  const integers = (values: readonly number[]): Tensor => ops.tensor([...values], [values.length], 'int32')
  return {
    op,
    label: 'integers at the ends of 32 bits',
    integerBits: 32,
    inputs: [build([1], () => 0)],
    run: (zero) => {
      const xs = operands.map((values) => ops.add(integers(values), ops.cast(zero!, 'int32')))
      return toFloat(ops.equal(ops.reshape(run(...xs), [wanted.length]), integers(wanted)))
    },
    value: build([wanted.length], () => 1),
  }
}

const unary = (op: OpName, run: (x: Tensor) => Tensor, f: (n: bigint) => bigint): SpecialCase =>
  integerCase(
    op,
    [numbers],
    run,
    numbers.map((n) => wrapped(f(BigInt(n)))),
  )

const binary = (
  op: OpName,
  run: (a: Tensor, b: Tensor) => Tensor,
  f: (a: bigint, b: bigint) => bigint,
): SpecialCase =>
  integerCase(
    op,
    [pairs.map(([a]) => a), pairs.map(([, b]) => b)],
    (a, b) => run(a!, b!),
    pairs.map(([a, b]) => wrapped(f(BigInt(a), BigInt(b)))),
  )

const remainder = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : ((a % b) + b) % b)

const many = [MOST, MOST, 123456789, 16777217, MOST, 3, MOST]
const total = (f: (a: bigint, b: bigint) => bigint): number[] => [
  wrapped(many.map(BigInt).reduce((a, b) => f(a, b))),
]
const running = many.map((_, i) => wrapped(many.slice(0, i + 1).reduce((sum, n) => sum + BigInt(n), 0n)))

const move = (op: OpName, run: (x: Tensor) => Tensor, wanted: readonly number[]): SpecialCase =>
  integerCase(op, [numbers], (x) => run(x!), wanted)

/** What moves integers, or chooses among them, leaves them as they are. */
const moves: readonly SpecialCase[] = [
  move('concat', (x) => ops.concat([x, x]), [...numbers, ...numbers]),
  move('gather', (x) => ops.gather(x, ops.tensor([11, 10, 8], [3], 'int32')), [LEAST, MOST, -123456789]),
  move('max', ops.max, [MOST]),
  move('min', ops.min, [LEAST]),
  move('argMax', ops.argMax, [10]),
  move('argMin', ops.argMin, [11]),
  move('pad', (x) => ops.pad(x, [[1, 0]], -7), [-7, ...numbers]),
  move('reverse', (x) => ops.reverse(x), numbers.toReversed()),
  move('slice', (x) => ops.slice(x, [6], [4]), [46341, 123456789, -123456789, 16777217]),
  move('stack', (x) => ops.stack([x, x]), [...numbers, ...numbers]),
  move('tile', (x) => ops.tile(x, [2]), [...numbers, ...numbers]),
  move(
    'transpose',
    (x) => ops.transpose(ops.reshape(x, [2, 6])),
    numbers.slice(0, 6).flatMap((n, i) => [n, numbers[i + 6]!]),
  ),
  move(
    'where',
    (x) => ops.where(ops.less(x, 0), ops.neg(x), x),
    numbers.map((n) => wrapped(BigInt(Math.abs(n)))),
  ),
]

/** Integers wrap around at 32 bits. */
export const integerCases: readonly SpecialCase[] = [
  unary('neg', ops.neg, (n) => -n),
  unary('abs', ops.abs, (n) => (n < 0n ? -n : n)),
  unary('square', ops.square, (n) => n * n),
  binary('add', ops.add, (a, b) => a + b),
  binary('sub', ops.sub, (a, b) => a - b),
  binary('mul', ops.mul, (a, b) => a * b),
  binary('squaredDifference', ops.squaredDifference, (a, b) => (a - b) ** 2n),
  binary('minimum', ops.minimum, (a, b) => [a, b][Number(b < a)]!),
  binary('mod', ops.mod, remainder),
  ...moves,
  integerCase('sum', [many], (x) => ops.sum(x), total((a, b) => a + b)), // biome-ignore format: one row
  integerCase('prod', [many], (x) => ops.prod(x), total((a, b) => a * b)), // biome-ignore format: one row
  integerCase('cumsum', [many], (x) => ops.cumsum(x), running),
]

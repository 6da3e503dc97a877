import { describe, expect, test } from 'vitest'
import type { Tensor } from '../types'
import * as ops from '.'

const values = async (x: Tensor): Promise<number[]> => [...(await x.data())]
const round = (numbers: readonly number[]): number[] => numbers.map(Math.fround)

describe('linspace', () => {
  test.each([
    [0, 1, 100001],
    [-3, 0.1, 7],
    [1, 1e-5, 1000],
    [5, 5, 3],
    [-1e30, 1e30, 11],
  ])('from %d to %d in %d numbers begins and ends there', async (start, stop, count) => {
    const got = await values(ops.linspace(start, stop, count))
    expect(got.length).toBe(count)
    expect([got[0], got.at(-1)]).toEqual(round([start, stop]))
  })

  test('has every number rounded once', async () => {
    const got = await values(ops.linspace(0, 1, 100001))
    expect(got).toEqual(Array.from({ length: 100001 }, (_, i) => Math.fround(i / 1e5)))
  })

  // float32 ends at 3.4e38: of a span beyond float64's 1.8e308 it has the infinite ends, and the middle.
  test.each([
    [-1e308, 1e308, 5, [-Infinity, -Infinity, 0, Infinity, Infinity]],
    [1.7e308, -1.7e308, 3, [Infinity, 0, -Infinity]],
    [0, 1e308, 3, [0, Infinity, Infinity]],
  ])('from %d to %d in %d numbers has its middle', async (start, stop, count, wanted) => {
    expect(await values(ops.linspace(start, stop, count))).toEqual(wanted)
  })

  test('of one number is its start', async () => {
    expect(await values(ops.linspace(3, 7, 1))).toEqual([3])
  })
})

describe('range', () => {
  test('does not drift', async () => {
    const got = await values(ops.range(0, 1000, 0.1))
    expect(got.length).toBe(10000)
    // 0.1 is 1 + 5.6e-17 times 1/10: no float32 rounding tells i · 0.1 from i / 10 here.
    expect(got).toEqual(Array.from({ length: 10000 }, (_, i) => Math.fround(i / 10)))
  })

  // Lengths by exact arithmetic on the float64 numbers: start + n · step < stop.
  test.each<[number, number, number, number[]]>([
    [3, 0, 1, []],
    [0, 3, -1, []],
    [2, 2, 1, []],
    [3, 0, -1, [3, 2, 1]],
    [0, 3, 1, [0, 1, 2]],
    [0, 2.5, 1, [0, 1, 2]],
    [1, 1.3, 0.1, [1, 1.1, 1.2]],
    [0, 1, 0.25, [0, 0.25, 0.5, 0.75]],
    [0.5, -1, -0.5, [0.5, 0, -0.5]],
    [-1e308, 1e308, 1e308, [-Infinity, 0]],
  ])('from %d before %d by %d', async (start, stop, step, wanted) => {
    expect(await values(ops.range(start, stop, step))).toEqual(round(wanted))
  })

  test('of integers holds integers', async () => {
    const got = ops.range(-1, 3, 2, 'int32')
    expect(got.dtype).toBe('int32')
    expect(await values(got)).toEqual([-1, 1])
  })
})

describe('tensor', () => {
  test.each<[string, Parameters<typeof ops.tensor>, string, number[], number[]]>([
    ['floats', [new Float32Array([0.5, 2])], 'float32', [2], [0.5, 2]],
    ['doubles', [new Float64Array([0.1, 2]) as never], 'float32', [2], round([0.1, 2])],
    ['integers', [Int32Array.of(-7, 8)], 'int32', [2], [-7, 8]],
    ['bytes', [Uint8Array.of(0, 255)], 'int32', [2], [0, 255]],
    ['pixels', [Uint8ClampedArray.of(0, 255) as never], 'int32', [2], [0, 255]],
    ['words', [Int16Array.of(-300, 300) as never], 'int32', [2], [-300, 300]],
    [
      'rows that are typed arrays',
      [[new Float32Array(2), new Float32Array(2)] as never],
      'float32',
      [2, 2],
      [0, 0, 0, 0],
    ],
    ['floats as integers', [new Float32Array([3, -4]), [2], 'int32'], 'int32', [2], [3, -4]],
    ['numbers as bools', [[1, 0], [2], 'bool'], 'bool', [2], [1, 0]],
    ['nothing', [[]], 'float32', [0], []],
    ['empty rows', [[[], []]], 'float32', [2, 0], []],
    ['a number', [5], 'float32', [], [5]],
  ])('of %s', async (_name, input, dtype, shape, wanted) => {
    const x = ops.tensor(...input)
    expect([x.dtype, x.shape]).toEqual([dtype, shape])
    expect(await values(x)).toEqual(wanted)
  })

  test('keeps no hold on the array it was given', async () => {
    const source = new Float32Array([1, 2])
    const x = ops.tensor(source)
    source[0] = 9
    expect(await values(x)).toEqual([1, 2])
  })
})

const cyclic: unknown[] = []
cyclic.push(cyclic)
let deep: unknown = 0
for (let i = 0; i < 1e5; i++) deep = [deep]

const tensorOf =
  (values: unknown, ...rest: unknown[]) =>
  () =>
    ops.tensor(values as never, ...(rest as []))

/** What is no tensor, with the error that says so. */
const refused: readonly (readonly [string, () => unknown, ErrorConstructor, string])[] = [
  ['a string', tensorOf('abc'), TypeError, 'tensor: expected numbers in arrays, got a string'],
  ['an empty string', tensorOf(''), TypeError, 'tensor: expected numbers in arrays, got a string'],
  ['strings', tensorOf(['1', '2']), TypeError, 'tensor: expected numbers in arrays, got a string'],
  ['a string later on', tensorOf([1, '2']), TypeError, 'tensor: expected numbers in arrays, got a string'],
  [
    'a string in a row',
    tensorOf([[1], ['2']]),
    TypeError,
    'tensor: expected numbers in arrays, got a string',
  ],
  ['undefined', tensorOf(undefined), TypeError, 'tensor: expected numbers in arrays, got undefined'],
  ['null', tensorOf([null]), TypeError, 'tensor: expected numbers in arrays, got null'],
  ['an object', tensorOf({ length: 1, 0: 1 }), TypeError, 'tensor: expected numbers in arrays, got Object'],
  ['a BigInt', tensorOf([1n]), TypeError, 'tensor: expected numbers in arrays, got a bigint'],
  [
    'BigInts',
    tensorOf(BigInt64Array.of(1n)),
    TypeError,
    'tensor: expected numbers in arrays, got BigInt64Array',
  ],
  [
    'bytes without a type',
    tensorOf(new DataView(new ArrayBuffer(4))),
    TypeError,
    'tensor: expected numbers in arrays, got DataView',
  ],
  [
    'a buffer',
    tensorOf(new ArrayBuffer(4)),
    TypeError,
    'tensor: expected numbers in arrays, got ArrayBuffer',
  ],
  ['booleans', tensorOf([true]), TypeError, 'tensor: expected numbers in arrays, got a boolean'],
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
  ['a hole', tensorOf([1, , 3]), TypeError, 'tensor: expected numbers in arrays, got undefined'],
  ['a hole first', tensorOf(Array(2)), TypeError, 'tensor: expected numbers in arrays, got undefined'],
  [
    'rows of two lengths',
    tensorOf([[1, 2], [3]]),
    RangeError,
    'tensor: expected 2 entries in every row at depth 1, got 1',
  ],
  [
    'numbers beside rows',
    tensorOf([[1], 2]),
    RangeError,
    'tensor: expected rows of one nesting depth, got a bare number',
  ],
  [
    'rows beside numbers',
    tensorOf([1, [2]]),
    RangeError,
    'tensor: expected rows of one nesting depth, got an array beside numbers',
  ],
  [
    'an array inside itself',
    tensorOf(cyclic),
    RangeError,
    'tensor: expected arrays nested at most 32 deep, got more',
  ],
  [
    'arrays nested without end',
    tensorOf(deep),
    RangeError,
    'tensor: expected arrays nested at most 32 deep, got more',
  ],
  [
    'a size that is NaN',
    tensorOf([1], [Number.NaN]),
    RangeError,
    'tensor: expected a shape of integers >= 0, got [NaN]',
  ],
  [
    'a fractional size',
    tensorOf([1], [0.5, 2]),
    RangeError,
    'tensor: expected a shape of integers >= 0, got [0.5, 2]',
  ],
  [
    'a shape that is a number',
    tensorOf([1], 1),
    TypeError,
    'tensor: expected a shape: an array of integers >= 0, got 1',
  ],
  [
    'a shape of a string',
    tensorOf([1], ['1']),
    RangeError,
    'tensor: expected a shape of integers >= 0, got [1]',
  ],
  [
    'more values than engines count',
    () => ops.zeros([65536, 65536]),
    RangeError,
    'zeros: expected a shape of at most 2147483647 values, got [65536, 65536]',
  ],
  [
    'an endless size',
    () => ops.ones([Number.POSITIVE_INFINITY]),
    RangeError,
    'ones: expected a shape of integers >= 0, got [Infinity]',
  ],
  [
    'a huge identity',
    () => ops.eye(1e6),
    RangeError,
    'eye: expected a shape of at most 2147483647 values, got [1000000, 1000000]',
  ],
  [
    'a half as an integer',
    tensorOf([1, 1.5], [2], 'int32'),
    RangeError,
    'tensor: expected integers of 32 bits for dtype int32, got 1.5',
  ],
  [
    'NaN as an integer',
    tensorOf([Number.NaN], [1], 'int32'),
    RangeError,
    'tensor: expected integers of 32 bits for dtype int32, got NaN',
  ],
  [
    'an integer of 33 bits',
    tensorOf([2 ** 31], [1], 'int32'),
    RangeError,
    'tensor: expected integers of 32 bits for dtype int32, got 2147483648',
  ],
  [
    'an unsigned integer of 32 bits',
    tensorOf(Uint32Array.of(2 ** 32 - 1)),
    RangeError,
    'tensor: expected integers of 32 bits for dtype int32, got 4294967295',
  ],
  ['2 as a bool', tensorOf([2], [1], 'bool'), RangeError, 'tensor: expected 0 or 1 for dtype bool, got 2'],
  [
    'another dtype',
    tensorOf([2], [1], 'float64'),
    RangeError,
    'tensor: expected dtype float32, int32, bool, got float64',
  ],
  [
    'a dtype of every object',
    () => ops.zeros([1], 'toString' as never),
    RangeError,
    'zeros: expected dtype float32, int32, bool, got toString',
  ],
  [
    'a scalar that is a string',
    () => ops.scalar('abc' as never),
    TypeError,
    'scalar: expected a number, got a string',
  ],
  [
    'a fractional int32 scalar',
    () => ops.scalar(0.5, 'int32'),
    RangeError,
    'scalar: expected integers of 32 bits for dtype int32, got 0.5',
  ],
  [
    'a fill of undefined',
    () => ops.full([2], undefined as never),
    TypeError,
    'full: expected a number, got undefined',
  ],
  [
    'a fill that overflows',
    () => ops.full([2], 3e9, 'int32'),
    RangeError,
    'full: expected integers of 32 bits for dtype int32, got 3000000000',
  ],
  [
    'an endless linspace',
    () => ops.linspace(0, Number.POSITIVE_INFINITY, 3),
    RangeError,
    'linspace: expected stop to be finite, got Infinity',
  ],
  [
    'a range from a string',
    () => ops.range('0' as never, 3),
    RangeError,
    "range: expected start to be finite, got '0'",
  ],
  [
    'a range without end',
    () => ops.range(0, Number.NaN),
    RangeError,
    'range: expected stop to be finite, got NaN',
  ],
  [
    'a range of fractions as integers',
    () => ops.range(0, 1, 0.5, 'int32'),
    RangeError,
    'range: expected integers of 32 bits for dtype int32, got 0.5',
  ],
  [
    'a range too long',
    () => ops.range(0, 1, 1e-12),
    RangeError,
    'range: expected a shape of at most 2147483647 values, got [1000000000000]',
  ],
  [
    'a clone of nothing',
    () => ops.clone(undefined as never),
    TypeError,
    'clone: expected a tensor, got undefined',
  ],
  ['zeros like a number', () => ops.zerosLike(1 as never), TypeError, 'zerosLike: expected a tensor, got 1'],
]

test.each(refused)('%s is refused', (_name, use, kind, message) => {
  expect(use).toThrow(kind)
  expect(use).toThrow(message)
})

import { describe, expect, it } from 'vitest'
import { tensor } from '.'
import * as check from './check'

const cyclic: unknown[] = [1]
cyclic.push(cyclic)

describe('messages', () => {
  const shown: [unknown, string][] = [
    [-1, '-1'],
    ['text', 'text'],
    [[2, 3], '[2, 3]'],
    [[undefined, null, 'a', Symbol('s'), 10n], '[undefined, null, a, Symbol(s), 10]'],
    [[[1, 2], cyclic], '[[1, 2], [1, […]]]'],
    [cyclic, '[1, [1, […]]]'],
    [new Array(1e6).fill(0), '[0, 0, 0, 0, 0, 0, 0, 0, …]'],
    ['x'.repeat(1e6), 'x'.repeat(400)],
    [new Date(0), 'Date'],
    [Object.create(null), 'object'],
    [{ constructor: { name: Symbol('s') } }, 'object'],
    [() => 1, 'function (anonymous)'],
    [[Object.create(null)], '[object]'],
  ]
  for (const [value, text] of shown) {
    it(`show ${text.slice(0, 30)}`, () => {
      expect(check.expected('f', 'x', value).message).toBe(`f: expected x, got ${text}`)
    })
  }
})

describe('checks', () => {
  const x = tensor([1])
  const freed = tensor([1])
  freed.dispose()
  type Check = (where: string, values: check.Named) => void
  const cases: Record<string, { check: Check; good: unknown[]; bad: [unknown, string][] }> = {
    tensors: {
      check: check.checkTensors,
      good: [x],
      bad: [
        [null, 'v to be a tensor, got null'],
        [[1], 'v to be a tensor, got [1]'],
        [freed, 'v to be a tensor in memory, got one that is disposed'],
      ],
    },
    functions: {
      check: check.checkFunctions,
      good: [() => 1],
      bad: [[{}, 'v to be a function, got Object']],
    },
    strings: { check: check.checkStrings, good: [''], bad: [[3, 'v to be a string, got 3']] },
    flags: {
      check: check.checkFlags,
      good: [true, false],
      bad: [['true', "v to be true or false, got 'true'"]],
    },
    'one of': {
      check: (where, values) => check.checkOneOf(where, values, ['a', 2]),
      good: ['a', 2],
      bad: [['2', "v to be 'a' or 2, got '2'"]],
    },
    finite: { check: check.checkFinite, good: [-1, 0], bad: [['3', "v to be finite, got '3'"]] },
    positive: {
      check: check.checkPositive,
      good: [5e-324, 1e308],
      bad: [
        [0, 'v > 0, got 0'],
        [Number.POSITIVE_INFINITY, 'v > 0, got Infinity'],
        [undefined, 'v > 0, got undefined'],
      ],
    },
    'at least': {
      check: (where, values) => check.checkAtLeast(where, values, 2),
      good: [2],
      bad: [[1.9, 'v >= 2, got 1.9']],
    },
    'half open': {
      check: (where, values) => check.checkHalfOpen(where, values, 0, 1),
      good: [0, 0.99],
      bad: [[1, 'v in [0, 1), got 1']],
    },
    integers: {
      check: check.checkIntegers,
      good: [1, 2 ** 31 - 1],
      bad: [
        [0, 'v to be an integer >= 1, got 0'],
        [1.5, 'v to be an integer >= 1, got 1.5'],
        ['3', "v to be an integer >= 1, got '3'"],
        [2 ** 31, 'v to be an integer <= 2147483647, got 2147483648'],
      ],
    },
    rising: {
      check: (where, { v }) => check.checkRising(where, { low: 0, v }),
      good: [1e-300],
      bad: [
        [0, 'low < v, got 0 and 0'],
        [Number.POSITIVE_INFINITY, 'low < v, got 0 and Infinity'],
        ['3', "low < v, got 0 and '3'"],
        [Symbol('s'), 'low < v, got 0 and Symbol(s)'],
        [Object.create(null), 'low < v, got 0 and object'],
        [null, 'low < v, got 0 and null'],
      ],
    },
    extents: {
      check: (where, { v }) => check.checkExtent(where, 'v', v),
      good: [[0, 1]],
      bad: [
        [[1, 1], 'v to be [low, high] with low < high, got [1, 1]'],
        [[1, 2, 3], 'v to be [low, high] with low < high, got [1, 2, 3]'],
        [null, 'v to be [low, high] with low < high, got null'],
      ],
    },
    options: {
      check: (where, { v }) => void check.objectOf(where, v as object, 'an object of options'),
      good: [{}],
      bad: [
        [null, 'an object of options, got null'],
        [[], 'an object of options, got []'],
        [() => 1, 'an object of options, got function (anonymous)'],
      ],
    },
  }
  for (const [name, { check: checked, good, bad }] of Object.entries(cases)) {
    it(`take and refuse ${name}`, () => {
      for (const v of good) checked('f', { v })
      for (const [v, message] of bad) expect(() => checked('f', { v })).toThrow(`f: expected ${message}`)
    })
  }
})

it.each([check.checkTensors, check.checkKeys, check.checkFlags, check.checkFinite, check.checkRising])(
  '$name says what it is called without',
  (one) => {
    for (const values of [null, undefined, 3, 'x']) {
      expect(() => one('mine', values as never)).toThrow(/^mine: expected values by name, got /)
    }
  },
)

it('says what is no shape, no list of choices and no options', () => {
  expect(() => check.formatShape({} as never)).toThrow('formatShape: expected a shape, got Object')
  expect(() => check.checkShape('mine', 'x', undefined as never, [1])).toThrow(
    'mine: expected x to be an array, got undefined',
  )
  expect(() => check.checkOneOf('mine', { x: 1 }, null as never)).toThrow(
    'mine: expected allowed to be an array',
  )
  expect(() => check.checkLongCall('mine', null as never)).toThrow('mine: expected an object of options')
})

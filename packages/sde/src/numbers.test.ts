import { expect, it } from 'vitest'
import { isAllowed, numbersOf, rangeInWords } from './numbers'

const settings = {
  rate: { summary: 'how fast', default: 0.1, above: 0 },
  count: { summary: 'how many', default: 3, least: 1, whole: true },
} as const

it('fills in the defaults of what is not given', () => {
  expect(numbersOf('f', settings, {})).toEqual({ rate: 0.1, count: 3 })
  expect(numbersOf('f', settings, { rate: 2, count: undefined })).toEqual({ rate: 2, count: 3 })
})

it('refuses what is out of range, of another type or unknown', () => {
  expect(() => numbersOf('f', settings, { rate: 0 })).toThrow('f: expected rate > 0, got 0')
  expect(() => numbersOf('f', settings, { rate: '2' as never })).toThrow("f: expected rate > 0, got '2'")
  expect(() => numbersOf('f', settings, { rate: null as never })).toThrow('f: expected rate > 0, got null')
  expect(() => numbersOf('f', settings, { count: 1.5 })).toThrow(
    'f: expected count to be an integer >= 1, got 1.5',
  )
  expect(() => numbersOf('f', settings, { Rate: 1 } as never)).toThrow(
    "f: expected options rate, count, got 'Rate'",
  )
  expect(() => numbersOf('f', settings, { constructor: 1 } as never)).toThrow("got 'constructor'")
})

it.each([
  [{}, 'to be finite', [-1e300, 0], [Number.NaN, Infinity]],
  [{ above: 0 }, '> 0', [1e-9], [0, -1]],
  [{ least: 0 }, '>= 0', [0], [-1e-9]],
  [{ below: 1 }, '< 1', [-5], [1]],
  [{ most: 1 }, '<= 1', [1], [1.1]],
  [{ least: 0, below: 1 }, 'in [0, 1)', [0], [1]],
  [{ above: 0, most: 1 }, 'in (0, 1]', [1], [0]],
  [{ least: 1, whole: true }, 'to be an integer >= 1', [1], [1.5, 0, 2 ** 53]],
  [{ least: 1, most: 3, whole: true }, 'to be an integer in [1, 3]', [3], [4]],
  [{ whole: true }, 'to be an integer', [-7], [0.5]],
])('%j is said as %s', (setting, words, inside, outside) => {
  expect(rangeInWords(setting)).toBe(words)
  for (const value of inside) expect(isAllowed(setting, value)).toBe(true)
  for (const value of [...outside, '1', null]) expect(isAllowed(setting, value)).toBe(false)
})

import { describe, expect, it } from 'vitest'
import type { Mark } from '../types'
import { axisOf, checkAxis } from './axis'
import { textWidth, wrap } from './text'
import { windowOf } from './window'

const labels = (...arguments_: Parameters<typeof axisOf>) =>
  axisOf(...arguments_).ticks.map(({ label }) => label)
const mark = (x: [number, number] | undefined, fills = {}): Mark => ({
  name: 'm',
  description: '',
  x,
  fills,
  draw: () => [],
})

describe('axisOf', () => {
  it('has round ticks, with words for powers of ten in place of many zeros', () => {
    expect(labels({}, [-8, 8], 4)).toEqual(['−5', '0', '5'])
    expect(labels({}, [0, 0.3], 3)).toEqual(['0.0', '0.1', '0.2', '0.3'])
    expect(labels({}, [0, 5000], 5)).toEqual(['0', '1,000', '2,000', '3,000', '4,000', '5,000'])
    expect(labels({}, [0, 3e-7], 3)).toEqual(['0', '10⁻⁷', '2×10⁻⁷', '3×10⁻⁷'])
    expect(labels({}, [-2e8, 2e8], 2)).toEqual(['−2×10⁸', '0', '2×10⁸'])
  })

  it('by logarithm has powers of ten, thinned out where there are many', () => {
    expect(labels({ scale: 'log' }, [1e-6, 1000], 10)).toEqual([
      '10⁻⁶',
      '10⁻⁵',
      '10⁻⁴',
      '0.001',
      '0.01',
      '0.1',
      '1',
      '10',
      '100',
      '1000',
    ])
    expect(labels({ scale: 'log' }, [1e-6, 1000], 5)).toEqual(['10⁻⁶', '10⁻⁴', '0.01', '1', '100'])
    expect(labels({ scale: 'log' }, [1, 4], 4)).toEqual(expect.arrayContaining(['1', '2', '4']))
    expect(axisOf({ scale: 'log' }, [1, 100], 2).unit(10)).toBeCloseTo(0.5, 12)
  })

  it('takes ticks as they are given, inside its domain', () => {
    expect(labels({ ticks: [0, 0.5, 7] }, [0, 1], 9)).toEqual(['0.0', '0.5'])
    expect(labels({ ticks: [-0.25, 0.5] }, [-1, 1], 9)).toEqual(['−0.25', '0.50'])
    expect(labels({ ticks: [{ at: 1, label: 'one' }] }, [0, 1], 9)).toEqual(['one'])
    expect(labels({ ticks: 0 }, [0, 1], 9)).toEqual([])
  })

  it('refuses what does not fit', () => {
    expect(() => checkAxis('figure', 'x', { domain: [1, 1] })).toThrow(
      'figure: expected x.domain to be [low, high]',
    )
    expect(() => checkAxis('figure', 'x', { scale: 'sqrt' as never })).toThrow(
      'x.scale to be linear or log, got sqrt',
    )
    expect(() => checkAxis('figure', 'y', { scale: 'log', domain: [0, 1] })).toThrow(
      'y.domain > 0, got [0, 1]',
    )
    expect(() => checkAxis('figure', 'x', { ticks: -1 })).toThrow(
      'figure: expected x.ticks in [0, 1000), got -1',
    )
  })
})

describe('windowOf', () => {
  const x = (marks: readonly Mark[], options = {}) => windowOf('figure', marks, options, {}).x

  it('leaves room around marks, none beyond 0, and none about marks that fill it', () => {
    expect(x([mark([-1, 1]), mark([0, 3])])).toEqual([-1.16, 3.16])
    expect(x([mark([0, 1])])).toEqual([0, 1.04])
    expect(x([mark([-1, 0])])).toEqual([-1.04, 0])
    expect(x([mark([-9, 9]), mark([-1, 1], { x: true })])).toEqual([-1, 1])
    expect(x([mark([-9, 9])], { domain: [0, 2] })).toEqual([0, 2])
  })

  it('has room where there is one value, and a place where there is none', () => {
    expect(x([mark([3, 3])])).toEqual([2.5, 3.5])
    expect(x([mark([100, 100])])).toEqual([95, 105])
    expect(x([])).toEqual([0, 1])
    expect(x([mark(undefined)], { scale: 'log' })).toEqual([1, 10])
  })

  it('leaves room by factors on a logarithmic scale, which needs values above 0', () => {
    const [low, high] = x([mark([1, 100])], { scale: 'log' })
    expect(low * high).toBeCloseTo(100, 10)
    expect(low).toBeCloseTo(100 ** -0.04, 10)
    expect(x([mark([4, 4])], { scale: 'log' })).toEqual([2, 8])
    expect(() => x([mark([0, 1])], { scale: 'log' })).toThrow(
      'figure: expected values > 0 along x, whose scale is logarithmic, got 0',
    )
  })
})

describe('text', () => {
  it('is broken between words, where it has to be', () => {
    expect(wrap('', 12, 100)).toEqual([])
    expect(wrap('one two three', 12, 1000)).toEqual(['one two three'])
    const lines = wrap('the score of a mixture of two Gaussians', 12, 90)
    expect(lines.join(' ')).toBe('the score of a mixture of two Gaussians')
    for (const line of lines) expect(textWidth(line, 12)).toBeLessThan(90)
    expect(wrap('incomprehensibilities', 12, 10)).toEqual(['incomprehensibilities'])
  })

  it('is about as wide as it is drawn', () => {
    expect(textWidth('mmmm', 10)).toBeGreaterThan(textWidth('iiii', 10) * 2)
    expect(textWidth('abc', 20)).toBeCloseTo(2 * textWidth('abc', 10), 10)
  })
})

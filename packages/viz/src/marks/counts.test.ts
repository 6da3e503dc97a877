import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { plotSize, shapesIn, texts } from '../testing'
import { bars } from './bars'
import { histogram } from './histogram'
import { lossCurve } from './loss-curve'

describe('histogram', () => {
  it('counts what lies in each bin, the last with its upper edge', async () => {
    const values = [0, 0.5, 1, 1.2, 1.9, 2.5, 4]
    const picture = await figure([histogram(values, { bins: 4, density: false })], { y: { domain: [0, 3] } })
    const { height } = plotSize(picture.layout())
    const heights = shapesIn(picture, 'histogram', 'path')[0]!.lines.map((box) =>
      box.length === 0 ? 0 : 3 * (1 - box[3]! / height),
    )
    heights.forEach((value, i) => {
      expect(value).toBeCloseTo([2, 3, 1, 1][i]!, 6)
    })
    expect(texts(picture)).toContain('count')
  })

  it('as a density has area 1', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sqrt(i / 999) * 3)
    const picture = await figure([histogram(values)])
    const { width, height } = plotSize(picture.layout())
    const { x, y } = picture.window
    const { lines } = shapesIn(picture, 'histogram', 'path')[0]!
    const boxes = lines.map((box) => (y[1] - y[0]) * (1 - box[3]! / height))
    const area = (boxes.reduce((a, b) => a + b) * 3) / boxes.length
    expect(area).toBeCloseTo(1, 6)
    expect((x[1] - x[0]) / width).toBeGreaterThan(0)
    expect(boxes.length).toBeGreaterThan(8)
  })

  it('says what it leaves out, and is honest about nothing', async () => {
    const picture = await figure([histogram([1, 2, 3, Number.NaN, 99], { domain: [0, 4] })])
    expect(texts(picture)).toContain('1 of 5 values are not finite, and left out. 1 of 5 values lie outside.')
    expect(texts(await figure([histogram([])]))).toContain('no data')
    expect(shapesIn(await figure([histogram([2, 2, 2])]), 'histogram', 'path')[0]!.lines.flat().length).toBe(
      8,
    )
    await expect(histogram([1], { bins: 0 })).rejects.toThrow(
      'histogram: expected bins to be an integer >= 1',
    )
  })
})

describe('bars', () => {
  it('stand from 0 to their values, by category and series', async () => {
    const picture = await figure(
      [bars({ exact: [0.2, 0.8], sampled: [0.5, -0.1] }, { categories: ['a', 'b'] })],
      {
        y: { domain: [-0.2, 1] },
      },
    )
    const { height } = plotSize(picture.layout())
    const value = (py: number) => 1 - (1.2 * py) / height
    const series = shapesIn(picture, 'bars', 'path').map(({ lines }) =>
      lines.map((box) => [box[1]!, box[3]!].map(value)),
    )
    const wanted = [
      [0.2, 0.8],
      [0.5, -0.1],
    ]
    series.forEach((row, k) => {
      row.forEach(([base, top], i) => {
        expect(base).toBeCloseTo(0, 6)
        expect(top).toBeCloseTo(wanted[k]![i]!, 6)
      })
    })
    expect(texts(picture)).toEqual(expect.arrayContaining(['exact', 'sampled', 'a', 'b']))
  })

  it('need as many values in each series', async () => {
    await expect(bars({})).rejects.toThrow('bars: expected at least one series, got none')
    await expect(bars({ a: [1, 2], b: [1] })).rejects.toThrow(
      'bars: expected 2 values of b, one a category, got 1',
    )
    await expect(bars({ a: [1, 2] }, { categories: ['x'] })).rejects.toThrow(
      'bars: expected 1 values of a, got 2',
    )
    expect(texts(await figure([bars({ a: [] })]))).toContain('no data')
  })
})

describe('lossCurve', () => {
  it('averages as it says, without the bias of the start', async () => {
    const losses = [4, 2, 2, 2]
    const beta = 0.5
    const picture = await figure([lossCurve(losses, { smoothing: beta })], { y: { domain: [0, 5] } })
    const { height } = plotSize(picture.layout())
    const [, smooth] = shapesIn(picture, 'lossCurve', 'path')
    const got = Array.from(smooth!.lines[0]!).filter((_, i) => i % 2 === 1)
    got.forEach((py, i) => {
      const weights = losses.slice(0, i + 1).map((_, k) => beta ** (i - k))
      const total = weights.reduce((a, b) => a + b)
      const wanted = weights.reduce((sum, w, k) => sum + w * losses[k]!, 0) / total
      expect(5 * (1 - py / height)).toBeCloseTo(wanted, 6)
    })
  })

  it('keeps its window to what is typical, and a long run small', async () => {
    const losses = Float64Array.from({ length: 200_000 }, (_, i) => 1 + ((i * 7919) % 100) / 100)
    losses[5000] = 1e6
    const picture = await figure([lossCurve(losses)])
    expect(picture.window.y[1]).toBeLessThan(1e5)
    const [raw] = shapesIn(picture, 'lossCurve', 'path')
    expect(raw!.lines[0]!.length).toBeLessThan(4000)
    expect(Math.min(...Array.from(raw!.lines[0]!))).toBeLessThan(-1000)
  })

  it('breaks where a loss is not finite, and refuses what does not fit', async () => {
    const picture = await figure([lossCurve([1, Number.NaN, 2])])
    expect(texts(picture)).toContain('1 of 3 losses are not finite, and left out.')
    await expect(lossCurve([1, 2], { steps: [1] })).rejects.toThrow(
      'lossCurve: expected 2 steps, one for each loss',
    )
    await expect(lossCurve([1], { smoothing: 1 })).rejects.toThrow(
      'lossCurve: expected smoothing in [0, 1), got 1',
    )
    expect(texts(await figure([lossCurve([])]))).toContain('no data')
  })
})

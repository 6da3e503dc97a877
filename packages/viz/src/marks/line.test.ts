import { tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { plotSize, shapeIn, shapesIn, texts } from '../testing'
import { curve, line } from './line'
import { rule } from './rule'

describe('line', () => {
  it('goes through its points, and breaks where there is none', async () => {
    const picture = await figure([line(tensor([0, 1, 2, 3]), [0, 1, Number.NaN, 2])], {
      x: { domain: [0, 4] },
      y: { domain: [0, 2] },
    })
    const { width, height } = plotSize(picture.layout())
    const { lines } = shapeIn(picture, 'line', 'path')
    expect(lines).toHaveLength(2)
    const wanted = [0, height, width / 4, height / 2]
    wanted.forEach((value, i) => {
      expect(lines[0]![i]).toBeCloseTo(value, 6)
    })
    expect(lines[1]![0]).toBeCloseTo((3 * width) / 4, 6)
    expect(texts(picture)).toContain('1 of 4 values are not finite, and left out.')
  })

  it('takes the next colour of the palette, unless it has its own', async () => {
    const picture = await figure([
      line([0, 1], [0, 1]),
      line([0, 1], [1, 0], { color: 'red' }),
      line([0, 1], [1, 1]),
    ])
    const strokes = shapesIn(picture, 'line', 'path').map(({ stroke }) => stroke)
    expect(strokes).toEqual(['#0072b2', 'red', '#d55e00'])
  })

  it('with an area shows 0', async () => {
    const picture = await figure([line([0, 1], [5, 6], { area: true })])
    expect(picture.window.y[0]).toBe(0)
    expect(shapesIn(picture, 'line', 'path')[0]!.closed).toBe(true)
  })

  it('needs as many values as places', async () => {
    await expect(line([0, 1, 2], [0, 1])).rejects.toThrow(
      'line: expected 3 values of y, one for each x, got 2',
    )
    await expect(line([0], [1], { strokeWidth: -1 })).rejects.toThrow(
      'line: expected strokeWidth > 0, got -1',
    )
  })
})

describe('curve', () => {
  it('is its function from edge to edge', async () => {
    const picture = await figure([curve((x) => x ** 2, { x: [-1, 3], samples: 5 })], {
      y: { domain: [0, 9] },
    })
    const { width, height } = plotSize(picture.layout())
    const { lines } = shapeIn(picture, 'curve', 'path')
    const got = Array.from(lines[0]!, (v, i) => (i % 2 === 0 ? (4 * v) / width - 1 : 9 * (1 - v / height)))
    const wanted = [-1, 1, 0, 0, 1, 1, 2, 4, 3, 9]
    wanted.forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 6)
    })
    expect(picture.window.x).toEqual([-1, 3])
  })

  it('refuses a range without room', async () => {
    await expect(curve(Math.sin, { x: [1, 1] })).rejects.toThrow('curve: expected x to be [low, high]')
    await expect(curve(Math.sin, { samples: 1 })).rejects.toThrow(
      'curve: expected samples to be an integer >= 2',
    )
  })
})

describe('rule', () => {
  it('goes across at its value, with its label', async () => {
    const picture = await figure([rule({ y: 3, label: 'published' })], { y: { domain: [0, 4] } })
    const { width, height } = plotSize(picture.layout())
    expect(shapesIn(picture, 'rule', 'path')[0]!.lines).toEqual([[0, height / 4, width, height / 4]])
    expect(texts(picture)).toContain('published')
    await expect(rule({})).rejects.toThrow('rule: expected one finite x or y')
    await expect(rule({ x: 1, y: 1 })).rejects.toThrow('rule: expected one finite x or y, got [1, 1]')
  })
})

import { tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { plotSize, shapeIn, shapesIn, texts } from '../testing'
import { scatter } from './scatter'

describe('scatter', () => {
  it('has each point where it lies', async () => {
    const points = tensor([
      [0, 0],
      [1, 0.5],
      [2, 1],
    ])
    const picture = await figure([scatter(points)], { x: { domain: [0, 2] }, y: { domain: [0, 1] } })
    const { width, height } = plotSize(picture.layout())
    const { centres } = shapeIn(picture, 'scatter', 'dots')
    const wanted = [0, height, width / 2, height / 2, width, 0]
    wanted.forEach((value, i) => {
      expect(centres[i]).toBeCloseTo(value, 3)
    })
    expect(height / width).toBeCloseTo(0.5, 2)
  })

  it('has smaller, fainter discs where there are many', async () => {
    const dots = async (n: number) =>
      shapesIn(
        await figure([scatter(Float32Array.from({ length: 2 * n }, (_, i) => i % 97))]),
        'scatter',
        'dots',
      )[0]!
    const [few, many] = [await dots(10), await dots(50_000)]
    expect(few.radius).toBeGreaterThan(many.radius)
    expect(few.opacity).toBeGreaterThan(many.opacity!)
    expect(many.centres.length).toBe(100_000)
  })

  it('has a colour and an entry of the legend a class', async () => {
    const picture = await figure([
      scatter([0, 0, 1, 1, 2, 2, 3, 3], { classes: [1, 0, 1, 2], label: ['a', 'b', 'c'] }),
    ])
    const dots = shapesIn(picture, 'scatter', 'dots')
    expect(dots.map(({ centres }) => centres.length / 2)).toEqual([1, 2, 1])
    expect(new Set(dots.map(({ fill }) => fill)).size).toBe(3)
    expect(shapesIn(picture, 'legend', 'dots').map(({ fill }) => fill)).toEqual(dots.map(({ fill }) => fill))
    expect(texts(picture).slice(0, 3)).toEqual(['a', 'b', 'c'])
  })

  it('says what it leaves out', async () => {
    const points = [0, 0, Number.NaN, 1, 5, 5, 1, Number.POSITIVE_INFINITY]
    const picture = await figure([scatter(points)], { x: { domain: [-1, 1] } })
    expect(texts(picture)).toContain('2 of 4 points are not finite, and left out. 1 of 4 points lie outside.')
    expect(shapesIn(picture, 'scatter', 'dots')[0]!.centres).toHaveLength(4)
  })

  it('of nothing is an empty figure that says so', async () => {
    for (const points of [[], new Float32Array(), [Number.NaN, Number.NaN]]) {
      expect(texts(await figure([scatter(points)]))).toContain('no data')
    }
  })

  it('refuses what does not fit', async () => {
    await expect(scatter([1, 2, 3])).rejects.toThrow('scatter: expected points of shape [n, 2], got [3]')
    await expect(scatter([1, 2], { classes: [0, 1] })).rejects.toThrow('scatter: expected 1 classes, got 2')
    await expect(scatter([1, 2], { classes: [0.5] })).rejects.toThrow(
      'scatter: expected classes to be whole numbers in 0…999, got 0.5',
    )
    await expect(scatter([1, 2], { radius: 0 })).rejects.toThrow('scatter: expected radius > 0, got 0')
    await expect(scatter([1, 2], { opacity: 2 })).rejects.toThrow(
      'scatter: expected opacity in (0, 1], got 2',
    )
  })
})

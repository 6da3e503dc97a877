import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { grid } from '../grid'
import { groups, shapesIn, texts } from '../testing'
import { densityEvolution } from './density-evolution'
import { errorMap } from './error-map'
import { heatmap } from './heatmap'

const plane = grid({ x: [0, 1], y: [0, 2], size: [2, 3] })
const grey = { scale: 'grey', domain: [0, 1] } as const

async function reds(mark: ReturnType<typeof heatmap>, name: string) {
  const [image] = shapesIn(await figure([mark]), name, 'image')
  return { image: image!, reds: [...image!.pixels].filter((_, i) => i % 4 === 0) }
}

describe('heatmap', () => {
  it('has a pixel a point, the upper row first, each around its point', async () => {
    const { image, reds: levels } = await reds(heatmap(plane, [0, 0.2, 0.4, 0.6, 0.8, 1], grey), 'heatmap')
    expect(levels).toEqual([204, 255, 102, 153, 0, 51])
    expect([image.columns, image.rows]).toEqual([2, 3])
    expect(image.width / image.height).toBeCloseTo(2 / 3, 2)
  })

  it('by logarithm spaces factors evenly, and leaves clear what has none', async () => {
    const { image, reds: levels } = await reds(
      heatmap(plane, [1, 10, 100, -1, 0, Number.NaN], { scale: 'grey', type: 'log' }),
      'heatmap',
    )
    expect(levels.slice(2)).toEqual([255, 0, 0, 128])
    expect(image.pixels[3]).toBe(0)
    const picture = await figure([heatmap(plane, [1, 10, 100, -1, 0, Number.NaN], { type: 'log' })])
    expect(texts(picture)).toContain('3 of 6 values are not finite or not above 0, and left clear.')
    await expect(heatmap(plane, [0, 1, 2, 3, 4, 5], { type: 'log', domain: [0, 1] })).rejects.toThrow(
      'heatmap: expected domain > 0 on a logarithmic scale, got [0, 1]',
    )
  })

  it('has a bar of its colours, with the values at its ends and its label', async () => {
    const picture = await figure([heatmap(plane, [0, 1, 2, 3, 4, 5], { label: 'density' })])
    const bar = groups(picture.layout().shapes).find(({ name }) => name === 'colorbar')!
    const labels = bar.shapes.flatMap((shape) => (shape.type === 'text' ? [shape.text] : []))
    expect(labels).toEqual(['0', '1', '2', '3', '4', '5', 'density'])
    const without = await figure([heatmap(plane, [0, 1, 2, 3, 4, 5], { colorbar: false })])
    expect(groups(without.layout().shapes).some(({ name }) => name === 'colorbar')).toBe(false)
  })

  it('of one value, or none that is finite, is an honest figure', async () => {
    const flat = await reds(
      heatmap(plane, () => 3, { scale: 'grey' }),
      'heatmap',
    )
    expect(flat.reds).toEqual([128, 128, 128, 128, 128, 128])
    const nothing = await figure([heatmap(plane, () => Number.NaN)])
    expect(texts(nothing)).toContain('6 of 6 values are not finite, and left clear.')
  })
})

describe('errorMap', () => {
  it('is the length of the difference, or that over the exact length', async () => {
    const exact = () => [0, 2] as const
    const learned = (x: number, y: number) => [0.3 * x, 2 - 0.4 * x + 0 * y] as const
    const absolute = await reds(errorMap(plane, learned, exact, grey), 'errorMap')
    expect(absolute.reds).toEqual([0, 128, 0, 128, 0, 128])
    const relative = await reds(errorMap(plane, learned, exact, { ...grey, relative: true }), 'errorMap')
    expect(relative.reds).toEqual([0, 64, 0, 64, 0, 64])
    expect(texts(await figure([errorMap(plane, learned, exact)]))).toContain('error')
  })
})

describe('densityEvolution', () => {
  it('has every time at its own greatest, or all at one', async () => {
    const density = [1, 10, 2, 40, 1, 20]
    const own = await reds(densityEvolution(plane, density, { scale: 'grey' }), 'densityEvolution')
    expect(own.reds).toEqual([128, 128, 255, 255, 128, 64])
    const one = await reds(
      densityEvolution(plane, density, { scale: 'grey', normalize: false }),
      'densityEvolution',
    )
    expect(one.reds).toEqual([6, 128, 13, 255, 6, 64])
  })

  it('has time to the right, on a scale of its own', async () => {
    const tall = grid({ x: [0, 1], y: [-50, 50], size: 5 })
    const picture = await figure([densityEvolution(tall, () => 1)])
    const { width, height } = picture.layout()
    expect(height).toBeLessThan(width)
    expect(texts(picture)).toContain('time t')
  })
})

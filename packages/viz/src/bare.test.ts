import { describe, expect, it } from 'vitest'
import { bare } from './bare'
import { figure } from './figure'
import { grid } from './grid'
import { quiver } from './marks/quiver'
import { scatter } from './marks/scatter'
import { toSvg } from './svg'
import { outline, shapeIn, shapesIn, texts } from './testing'

const field = quiver(grid({ x: [-4, 4], y: [-1, 1], size: [9, 3] }), (x, y) => [-x, -y])
const points = Float32Array.of(0, 0, 2, 1, -4, -1)

describe('bare', () => {
  it('is its marks and nothing else', async () => {
    const picture = await bare([field, scatter(points, { label: 'points' })])
    expect(texts(picture)).toEqual([])
    expect(outline(toSvg(picture))).toMatchInlineSnapshot(`
      "svg img
        title
        desc
        defs
          clipPath
            rect
        rect
        g marks
          g quiver
            path
          g scatter
            path"
    `)
  })

  it('shows its window from edge to edge, one unit of x as long as one of y', async () => {
    const picture = await bare([scatter(points)], { x: [-4, 4], y: [-2, 2], width: 800 })
    expect(picture.layout()).toMatchObject({ width: 800, height: 400 })
    const { centres } = shapeIn(picture, 'scatter', 'dots')
    expect(Array.from(centres)).toEqual([400, 200, 600, 100, 0, 300])
    expect(picture.layout({ width: 80 })).toMatchObject({ width: 80, height: 40 })
  })

  it('has the window and the colours that a figure of the same marks has', async () => {
    const marks = [scatter(points), scatter([1, 1]), scatter([2, 2], { color: '#123456' })]
    const framed = await figure(marks, { theme: 'dark' })
    const picture = await bare(marks, { theme: 'dark' })
    const fills = (of: typeof picture) => shapesIn(of, 'scatter', 'dots').map(({ fill }) => fill)
    expect(fills(picture)).toEqual(fills(framed))
    const { width, height } = picture.layout()
    const { x, y } = framed.window
    expect(height).toBe(Math.round((width * (y[1] - y[0])) / (x[1] - x[0])))
  })

  it('is described by its marks, or as it is told', async () => {
    const marks = [field, scatter(points)]
    expect((await bare(marks)).layout().description).toBe('27 arrows of a vector field; 3 points')
    expect((await bare(marks, { description: 'a field' })).layout().description).toBe('a field')
  })

  it('says what does not fit', async () => {
    await expect(bare([scatter(points)], { x: [1, 1] })).rejects.toThrow(/^bare: expected x /)
    await expect(bare([scatter(points)], { width: 10 })).rejects.toThrow(/^bare: expected width /)
    await expect(bare([{} as never])).rejects.toThrow(/^bare: expected draw of a mark to be a function/)
  })
})

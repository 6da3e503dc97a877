import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { grid } from '../grid'
import { plotSize, shapesIn, texts } from '../testing'
import { contours } from './contours'

const sigma = 0.8
const peak = 2.5
const gaussian = (x: number, y: number) =>
  peak * Math.exp(-((x - 0.3) ** 2 + (y + 0.2) ** 2) / (2 * sigma ** 2))
const plane = grid({ x: [-3, 3], y: [-2, 2], size: [121, 81] })

describe('contours', () => {
  it('of a Gaussian are circles of the radius at which it has the level', async () => {
    const levels = [0.25, 1, 2]
    const picture = await figure([contours(plane, gaussian, { levels })])
    const { width, height } = plotSize(picture.layout())
    const drawn = shapesIn(picture, 'contours', 'path')
    expect(drawn).toHaveLength(levels.length)
    drawn.forEach(({ lines }, i) => {
      expect(lines).toHaveLength(1)
      const wanted = sigma * Math.sqrt(2 * Math.log(peak / levels[i]!))
      const radii = corners(lines[0]!).map(([px, py]) => {
        const [x, y] = [-3 + (6 * px) / width, 2 - (4 * py) / height]
        return Math.hypot(x - 0.3, y + 0.2)
      })
      expect(Math.max(...radii.map((r) => Math.abs(r - wanted)))).toBeLessThan(0.003)
      expect(radii.length).toBeGreaterThan(20)
    })
  })

  it('have even levels between the least value and the greatest by default', async () => {
    const ramp = grid({ x: [0, 1], size: 21 })
    const picture = await figure([contours(ramp, (x) => x, { levels: 3, fill: false })])
    const { width } = plotSize(picture.layout())
    const edges = shapesIn(picture, 'contours', 'path').map(({ lines }) =>
      Math.min(...corners(lines[0]!).map(([px]) => px / width)),
    )
    edges.forEach((edge, i) => {
      expect(edge).toBeCloseTo((i + 1) / 4, 6)
    })
  })

  it('of holes are areas with holes', async () => {
    const ring = (x: number, y: number) => Math.exp(-((Math.hypot(x, y) - 1.2) ** 2) / 0.1)
    const picture = await figure([contours(plane, ring, { levels: [0.5] })])
    expect(shapesIn(picture, 'contours', 'path')[0]!.lines).toHaveLength(2)
  })

  it('are none where nothing varies, and say what is not finite', async () => {
    const flat = await figure([contours(plane, () => 1)])
    expect(shapesIn(flat, 'contours', 'path')).toEqual([])
    const broken = await figure([contours(plane, (x, y) => (x < 0 ? Number.NaN : gaussian(x, y)))])
    expect(texts(broken).join()).toContain('4860 of 9801 values are not finite, and left out.')
    expect(shapesIn(broken, 'contours', 'path')).toHaveLength(10)
    await expect(contours(plane, () => 1, { levels: 0 })).rejects.toThrow(
      'contours: expected levels to be an integer >= 1, got 0',
    )
    await expect(contours(plane, () => 1, { levels: [] })).rejects.toThrow(
      'contours: expected finite levels, got []',
    )
  })
})

function corners(line: ArrayLike<number>): [number, number][] {
  return Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i]!, line[2 * i + 1]!])
}

import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { grid } from '../grid'
import { plotSize, shapesIn, texts } from '../testing'
import { quiver } from './quiver'

const plane = grid({ x: [-2, 2], size: 41 })
const swirl = (x: number, y: number): [number, number] => [-y, x]

/** Shafts as [middle x, middle y, dx, dy] in pixels, y upwards. */
async function shafts(options = {}) {
  const picture = await figure([quiver(plane, swirl, options)], { width: 600 })
  const [{ lines } = { lines: [] }] = shapesIn(picture, 'quiver', 'path', {})
  const size = plotSize(picture.layout())
  const all = lines
    .filter((line) => line.length === 4)
    .map((line) => Array.from(line) as [number, number, number, number])
    .map(([x, y, tipX, tipY]) => [(x + tipX) / 2, (y + tipY) / 2, tipX - x, y - tipY] as const)
  return { all, size }
}

describe('quiver', () => {
  it('has arrows along the vectors, about their points, as long as the vectors are', async () => {
    const { all, size } = await shafts({ reference: 4 })
    const scale = size.width / 4
    for (const [px, py, dx, dy] of all) {
      const [x, y] = [px / scale - 2, 2 - py / scale]
      const [vx, vy] = swirl(x, y)
      const cell = (0.95 * 3 * size.width) / 40
      expect(dx).toBeCloseTo((vx / 4) * cell, 1)
      expect(dy).toBeCloseTo((vy / 4) * cell, 1)
    }
    expect(all.length).toBeGreaterThan(150)
  })

  it('has no arrow longer than a cell, so that none overlap', async () => {
    const { all, size } = await shafts()
    const cell = (3 * size.width) / 40
    const lengths = all.map(([, , dx, dy]) => Math.hypot(dx, dy))
    expect(Math.max(...lengths)).toBeLessThan(cell)
    expect(Math.max(...lengths)).toBeGreaterThan(0.9 * cell)
    const same = (await shafts({ length: 'direction' })).all.map(([, , dx, dy]) => Math.hypot(dx, dy))
    expect(Math.max(...same) - Math.min(...same)).toBeLessThan(1e-6)
  })

  it('has at most as many arrows across as asked for', async () => {
    for (const across of [1, 5, 20, 100]) {
      const { all } = await shafts({ across, length: 'direction' })
      const rows = new Set(all.map(([, y]) => y.toFixed(3))).size
      expect(rows).toBeLessThanOrEqual(Math.min(across, 41))
      expect(rows).toBeGreaterThan(Math.min(across, 41) / 2 - 1)
    }
  })

  it('draws nothing for vectors of no length, and says which are not finite', async () => {
    const still = await figure([quiver(plane, () => [0, 0])])
    expect(shapesIn(still, 'quiver', 'path')[0]!.lines).toEqual([])
    const broken = await figure([quiver(plane, (x, y) => (x > 0 ? swirl(x, y) : [Number.NaN, 0]))])
    expect(texts(broken).join()).toMatch(/vectors are not finite, and left out/)
    await expect(quiver(plane, swirl, { length: 'log' as never })).rejects.toThrow(
      "quiver: expected length to be 'linear' or 'sqrt' or 'direction', got 'log'",
    )
    await expect(quiver(plane, swirl, { reference: 0 })).rejects.toThrow(
      'quiver: expected reference > 0, got 0',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { figure } from './figure'
import { grid } from './grid'
import { heatmap } from './marks/heatmap'
import { line } from './marks/line'
import { panels } from './panels'
import { groups, texts } from './testing'
import type { Picture } from './types'

const plots = (picture: Picture, width?: number) => {
  const scene = picture.layout(width ? { width } : {})
  return groups(scene.shapes)
    .filter(({ name }) => name === 'marks')
    .map(({ x, y, clip }) => ({ x, y, ...clip! }))
}
const plane = grid({ x: [0, 1], size: 3 })
const tall = () => figure([line([0, 1], [0, 1e5])], { title: 'A', y: 'a long way up' })
const bar = () =>
  figure([heatmap(plane, (x) => x, { label: 'value' })], { title: 'B', subtitle: 'with a subtitle' })
const bare = () => figure([line([0, 1], [0, 1], { label: 'one' })])

describe('panels', () => {
  it('have plots of one size, in line both ways', async () => {
    const all = plots(await panels([tall(), bar(), bare(), bare()], { columns: 2 }))
    const [a, b, c, d] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0], (typeof all)[0]]
    for (const plot of all) expect(plot.width).toBeCloseTo(a.width, 9)
    expect([a.y, a.height]).toEqual([b.y, b.height])
    expect([c.y, c.height]).toEqual([d.y, d.height])
    expect(a.x).toBe(c.x)
    expect(b.x).toBe(d.x)
    expect(c.y).toBeGreaterThan(a.y + a.height)
    expect(b.x).toBeGreaterThan(a.x + a.width)
    expect(d.x + d.width).toBeLessThan(1000)
  })

  it('share windows, and labels at the outside alone', async () => {
    const figures = [line([0, 1], [0, 1]), line([5, 9], [-7, 0]), line([0, 1], [2, 3])].map((mark) =>
      figure([mark], { x: 'across', y: 'up' }),
    )
    const count = (picture: Picture, text: string) => texts(picture).filter((one) => one === text).length
    const apart = await panels(figures, { columns: 2 })
    expect([count(apart, 'across'), count(apart, 'up')]).toEqual([3, 3])
    const shared = await panels(figures, { columns: 2, shareX: true, shareY: true })
    expect([count(shared, 'across'), count(shared, 'up')]).toEqual([2, 2])
    expect(plots(shared)[0]!.width).toBeGreaterThan(plots(apart)[0]!.width)
  })

  it('stand in a row up to three, else in about a square', async () => {
    const rows = async (n: number) =>
      new Set(plots(await panels(Array.from({ length: n }, bare))).map(({ y }) => y)).size
    expect(await Promise.all([1, 2, 3, 4, 5, 9].map(rows))).toEqual([1, 1, 1, 2, 2, 3])
  })

  it('have a title, and say what each shows', async () => {
    const picture = await panels([tall(), bar()], { title: 'Both' })
    const { title, description } = picture.layout()
    expect(title).toBe('Both')
    expect(description).toMatch(/^A: A line.* B: Heat map of value/)
    expect((await panels([tall(), bar()])).layout().title).toBe('A, B')
  })

  it('refuse what does not fit', async () => {
    await expect(panels([])).rejects.toThrow('panels: expected at least one figure, got none')
    await expect(panels([tall()], { columns: 0 })).rejects.toThrow(
      'panels: expected columns to be an integer >= 1',
    )
    await expect(panels([tall()], { gap: -1 })).rejects.toThrow('panels: expected gap >= 0, got -1')
    await expect(panels([tall()], { width: 1 })).rejects.toThrow(
      'panels: expected width in [80, 1048576), got 1',
    )
  })
})

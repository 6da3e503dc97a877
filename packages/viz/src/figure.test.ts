import { describe, expect, it } from 'vitest'
import { figure, shareAxes } from './figure'
import { grid } from './grid'
import { contours } from './marks/contours'
import { curve, line } from './marks/line'
import { quiver } from './marks/quiver'
import { scatter } from './marks/scatter'
import { toSvg } from './svg'
import { groups, outline, plotSize, shapesIn, texts } from './testing'

const plane = grid({ x: [-4, 4], y: [-2, 2], size: [41, 21] })
const density = (x: number, y: number) => Math.exp(-(x ** 2 + y ** 2) / 2)
const score = (x: number, y: number): [number, number] => [-x, -y]

describe('figure', () => {
  it('has the structure of a figure', async () => {
    const field = await figure(
      [contours(plane, density, { levels: 2 }), quiver(plane, score), scatter([0, 0], { label: 'a' })],
      {
        title: 'Score',
        x: 'x₁',
        y: 'x₂',
      },
    )
    expect(outline(toSvg(field))).toMatchInlineSnapshot(`
      "svg img
        title
        desc
        defs
          clipPath
            rect
        rect
        g figure
          text
          g legend
            path
            text
          g plot
            g marks
              g contours
                path
              g quiver
                path
              g scatter
                path
            g axis x
              path
              text
            g axis y
              path
              text"
    `)
  })

  it('gives both axes one unit in the plane, and fills its width over a line', async () => {
    const field = await figure([contours(plane, density)])
    const { width, height } = plotSize(field.layout())
    expect(height).toBe(Math.round(width / 2))
    const graph = await figure([curve(Math.sin)], { aspect: 0.25, width: 400 })
    const size = plotSize(graph.layout())
    expect(size.height).toBe(Math.round(size.width / 4))
    expect(graph.layout().width).toBe(400)
    expect(plotSize((await figure([curve(Math.sin)], { height: 77 })).layout()).height).toBe(77)
  })

  it('keeps everything inside its edges', async () => {
    const wide = await figure(
      [line([0, 1], [0, 123456]), line([0, 1], [1, 2], { label: 'a long label '.repeat(9) })],
      {
        title: 'A title that is much too long for one line '.repeat(3),
        subtitle: 'and a subtitle that is',
        x: 'across',
        y: 'up',
      },
    )
    for (const size of [120, 320, 900]) {
      const scene = wide.layout({ width: size })
      for (const { x, y, clip } of groups(scene.shapes)) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(y + (clip?.height ?? 0)).toBeLessThan(scene.height)
        expect(x + (clip?.width ?? 0)).toBeLessThan(scene.width)
      }
    }
  })

  it('describes itself for readers who cannot see it', async () => {
    const field = await figure([contours(plane, density), scatter([0, 0, 9, 9], { label: 'samples' })])
    expect(field.description).toBe(
      '10 contours; 2 points (samples). Shown: x from -4 to 4, y from -2 to 2. 1 of 2 points lie outside.',
    )
    expect((await figure([], {})).description).toBe('An empty figure.')
    expect((await figure([], { description: 'own' })).description).toBe('own')
  })

  it('of nothing says so', async () => {
    expect(texts(await figure([]))).toContain('no data')
    expect(texts(await figure([], { x: { show: false }, y: { show: false } }))).toEqual(['no data'])
  })

  it('is the same in both themes but for its colours', async () => {
    const field = await figure([contours(plane, density), scatter([0, 0])], { title: 'T' })
    const plain = (svg: string) =>
      svg.replaceAll(/#[0-9a-f]{6}|rgb\([^)]*\)|(?<=(title|description|clip)-)\w+/g, '')
    const [light, dark] = [toSvg(field, { theme: 'light' }), toSvg(field, { theme: 'dark' })]
    expect(plain(light)).toBe(plain(dark))
    expect(light).not.toBe(dark)
    expect(
      toSvg(await figure([contours(plane, density), scatter([0, 0])], { title: 'T', theme: 'dark' })),
    ).toBe(dark)
  })

  it('leaves out the legend, the notes and the axes that are not wanted', async () => {
    const marks = [scatter([0, 0, Number.NaN, 0], { label: 'a' })]
    expect(texts(await figure(marks, { legend: false }))).not.toContain('a')
    const quiet = await figure(marks, { notes: false })
    expect(texts(quiet).join()).not.toContain('not finite')
    expect(quiet.description).toContain('not finite')
    expect(shapesIn(await figure(marks, { x: { show: false } }), 'axis x', 'text')).toEqual([])
  })

  it('refuses what does not fit', async () => {
    await expect(figure([], { width: 10 })).rejects.toThrow('figure: expected width in [80, 1048576), got 10')
    await expect(figure([], { height: 0 })).rejects.toThrow('figure: expected height in [1, 1048576), got 0')
    await expect(figure([], { aspect: -1 })).rejects.toThrow(
      'figure: expected aspect in [0.001, 1000), got -1',
    )
    await expect(figure([], { x: { domain: [2, 1] } })).rejects.toThrow(
      'figure: expected x.domain to be [low, high]',
    )
    await expect(figure([], { theme: 'sepia' as never })).rejects.toThrow(
      'figure: expected theme to be one of light, dark, got sepia',
    )
    const fine = await figure([])
    expect(() => fine.layout({ width: Number.NaN })).toThrow(
      'figure: expected width in [80, 1048576), got NaN',
    )
    await expect(figure([line([1, 2], [0, 1])], { y: { scale: 'log' } })).rejects.toThrow(
      'values > 0 along y',
    )
  })
})

describe('shareAxes', () => {
  it('gives all figures the window that shows all', async () => {
    const all = [await figure([scatter([0, 0, 1, 1])]), await figure([scatter([5, -3, 6, 0])])]
    const shared = shareAxes(all)
    expect(shared[0]!.window).toEqual(shared[1]!.window)
    expect(shared[0]!.window.x[1]).toBe(all[1]!.window.x[1])
    const across = shareAxes(all, { y: false })
    expect(across.map(({ window }) => window.y)).toEqual(all.map(({ window }) => window.y))
    expect(() => shareAxes([])).toThrow('shareAxes: expected at least one figure, got none')
  })
})

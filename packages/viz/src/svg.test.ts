import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { figure } from './figure'
import { grid } from './grid'
import { contours } from './marks/contours'
import { heatmap } from './marks/heatmap'
import { line } from './marks/line'
import { scatter } from './marks/scatter'
import { toSvg } from './svg'

const plane = grid({ x: [0, 1], size: 4 })

describe('toSvg', () => {
  it('has a title, a description and a role, all text escaped', async () => {
    const svg = toSvg(await figure([line([0, 1], [0, 1], { label: 'a < b & "c"' })], { title: '<script>' }))
    expect(svg).toContain('>&lt;script&gt;</title>')
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
    expect(svg).not.toContain('<script>')
    const [, id] = svg.match(/aria-labelledby="title-(\w+) description-\1"/) ?? []
    expect(svg).toContain(`<desc id="description-${id}">`)
    expect(svg).toMatch(/^<svg [^>]*role="img"/)
  })

  it('keeps its names apart from those of another picture on the page', async () => {
    const ids = async (title: string, to: number) =>
      [...toSvg(await figure([line([0, 1], [0, to])], { title })).matchAll(/ id="([^"]+)"/g)].map(
        ([, id]) => id!,
      )
    const [a, b] = [await ids('A', 1), await ids('A', 2)]
    expect(a.length).toBeGreaterThan(2)
    expect(a.filter((id) => b.includes(id))).toEqual([])
    expect(await ids('A', 1)).toEqual(a)
  })

  it('holds an image as the bytes of a PNG file', async () => {
    const svg = toSvg(await figure([heatmap(plane, (x, y) => x + y, { colorbar: false })]))
    const [, data] = svg.match(/href="data:image\/png;base64,([^"]+)"/) ?? []
    const { width, height, channels } = decode(Buffer.from(data!, 'base64'))
    expect([width, height, channels]).toEqual([4, 4, 4])
  })

  it('refers to nothing outside, and to every name it gives', async () => {
    const svg = toSvg(await figure([contours(plane, (x) => x), heatmap(plane, (x) => x)]))
    expect(svg).not.toMatch(/(href|src)="(?!data:)/)
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(svg).toContain(`id="${id}"`)
  })

  it('rounds coordinates to as many digits as asked for', async () => {
    const picture = await figure([scatter([0.123456, 0.654321, 1, 1])])
    expect(toSvg(picture)).toMatch(/d="M\d+\.\d,\d+\.\dh0/)
    expect(toSvg(picture, { digits: 0 })).toMatch(/d="M\d+,\d+h0/)
    expect(() => toSvg(picture, { digits: -1 })).toThrow(
      'toSvg: expected digits to be an integer >= 0, got -1',
    )
  })

  it('takes some thirteen bytes a point of a hundred thousand', async () => {
    const svg = toSvg(
      await figure([scatter(Float32Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 1009))]),
    )
    expect(svg.length).toBeLessThan(1.6e6)
    expect(svg.match(/h0/g)!.length).toBe(100_000)
  })
})

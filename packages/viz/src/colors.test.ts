import { lab, rgb } from 'd3-color'
import { describe, expect, it } from 'vitest'
import { type ColorScaleName, checkScale, paint, scaleOf } from './colors'
import { themeOf } from './theme'

const sequential: ColorScaleName[] = ['density', 'viridis', 'cividis', 'magma', 'inferno', 'grey']
const steps = Array.from({ length: 33 }, (_, i) => i / 32)
const lightness = (color: string) => lab(color).l
const distance = (a: string, b: string) => {
  const [p, q] = [lab(a), lab(b)]
  return Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b)
}

/** Linear light of red, green and blue as a dichromat sees them: Viénot, Brettel and Mollon (1999). */
const dichromats: Record<string, readonly (readonly number[])[]> = {
  protanope: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranope: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
}
const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const gamma = (v: number) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)
function seenBy(matrix: readonly (readonly number[])[], color: string): string {
  const { r, g, b } = rgb(color)
  const light = [r, g, b].map((v) => linear(v / 255))
  const [x, y, z] = matrix.map((row) => {
    const value = row.reduce((sum, w, k) => sum + w * light[k]!, 0)
    return 255 * gamma(Math.min(Math.max(value, 0), 1))
  })
  return rgb(x!, y!, z!).formatRgb()
}
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const { r, g, b } = rgb(color)
    return 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255)
  }
  const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

describe.each(['light', 'dark'] as const)('in the %s theme', (name) => {
  const theme = themeOf('figure', name)

  it.each(sequential)('%s changes evenly, and in lightness one way', (scale) => {
    const colors = steps.map(scaleOf(scale, theme))
    const gaps = colors.slice(1).map((color, i) => distance(color, colors[i]!))
    const mean = gaps.reduce((a, b) => a + b) / gaps.length
    for (const gap of gaps) expect(gap / mean).toBeGreaterThan(0.3)
    for (const gap of gaps) expect(gap / mean).toBeLessThan(2)
    const rises = colors.slice(1).map((color, i) => lightness(color) - lightness(colors[i]!))
    expect(new Set(rises.map(Math.sign)).size).toBe(1)
  })

  it('the signed scale has the background in its middle, and ends as far from it', () => {
    const scale = scaleOf('signed', theme)
    expect(distance(scale(0.5), theme.background)).toBeLessThan(1)
    expect(distance(scale(0), theme.background) / distance(scale(1), theme.background)).toBeGreaterThan(0.75)
    expect(distance(scale(0), theme.background) / distance(scale(1), theme.background)).toBeLessThan(1.34)
  })

  it('the palette stands out from the background, and text from it', () => {
    for (const color of theme.palette) expect(contrast(color, theme.background)).toBeGreaterThan(3)
    expect(contrast(theme.ink, theme.background)).toBeGreaterThan(12)
    expect(contrast(theme.muted, theme.background)).toBeGreaterThan(4.5)
  })

  it.each(Object.keys(dichromats))('a %s tells the first four colours of the palette apart', (kind) => {
    const seen = theme.palette.slice(0, 4).map((color) => seenBy(dichromats[kind]!, color))
    seen.forEach((color, i) => {
      for (const other of seen.slice(0, i)) expect(distance(color, other)).toBeGreaterThan(12)
    })
  })

  it.each(Object.keys(dichromats))('a %s sees the signed scale’s ends apart', (kind) => {
    const [a, b] = [0, 1].map((u) => seenBy(dichromats[kind]!, scaleOf('signed', theme)(u)))
    expect(distance(a!, b!)).toBeGreaterThan(40)
  })
})

describe('paint', () => {
  it('clips at the ends, and leaves clear what is no number', () => {
    const pixels = paint([-5, 0, 0.5, 9, Number.NaN], scaleOf('grey', themeOf('figure', 'light')), (v) => v)
    expect([...pixels]).toEqual([
      0, 0, 0, 255, 0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255, 0, 0, 0, 0,
    ])
  })
})

describe('scales and themes by name', () => {
  it('are refused when there is none', () => {
    expect(() => checkScale('heatmap', 'jet')).toThrow('heatmap: expected scale to be one of density, signed')
    expect(() => themeOf('figure', 'blue' as never)).toThrow(
      'figure: expected theme to be one of light, dark, got blue',
    )
  })
})

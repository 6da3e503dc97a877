import { describe, expect, it } from 'vitest'
import { type FigureOptions, figure } from './figure'
import { grid } from './grid'
import { bars } from './marks/bars'
import { contours } from './marks/contours'
import { densityEvolution } from './marks/density-evolution'
import { heatmap } from './marks/heatmap'
import { histogram } from './marks/histogram'
import { imageGrid } from './marks/image-grid'
import { curve, line } from './marks/line'
import { lossCurve } from './marks/loss-curve'
import { paths } from './marks/paths'
import { quiver } from './marks/quiver'
import { rule } from './marks/rule'
import { scatter } from './marks/scatter'
import { toPng } from './node'
import { toSvg } from './svg'
import { shapesIn } from './testing'
import type { Mark } from './types'

const plane = grid({ x: [0, 1], size: 3 })
const lists: Record<string, number[]> = {
  nothing: [],
  'one number': [3],
  'equal numbers of 16 digits': [2 ** 53, 2 ** 53],
  neighbours: [2 ** 53, 2 ** 53 + 2],
  'the greatest number': [Number.MAX_VALUE, Number.MAX_VALUE],
  'a span that is no number': [-Number.MAX_VALUE, Number.MAX_VALUE],
  'numbers below the normal': [0, 5e-324],
  'the least number': [Number.MIN_VALUE, Number.MIN_VALUE],
  'numbers over 600 decades': [5e-324, 1, Number.MAX_VALUE],
  zeros: [0, -0, 0],
  'negative numbers': [-1, -1e-300],
  NaN: [Number.NaN, Number.NaN],
  infinities: [Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY],
}
const nine = (values: readonly number[]) =>
  Float64Array.from({ length: 9 }, (_, i) => values[i % values.length] ?? 0)
const marks: Record<string, (values: number[]) => Promise<Mark>> = {
  histogram: (values) => histogram(values),
  bars: (values) => bars({ a: values, b: values }),
  line: (values) => line(values, values),
  area: (values) =>
    line(
      values.map((_, i) => i + 1),
      values,
      { area: true },
    ),
  curve: (values) => curve((x) => values[Math.floor(x) % values.length] ?? 0, { x: [1, 5], samples: 9 }),
  lossCurve: (values) => lossCurve(values),
  scatter: (values) => scatter(values.flatMap((v) => [v, v])),
  paths: (values) => paths(values.map((v) => [[v, v]])),
  rule: (values) => rule({ x: Number.isFinite(values[0]) ? values[0]! : 1 }),
  heatmap: (values) => heatmap(plane, nine(values)),
  contours: (values) => contours(plane, nine(values)),
  'logarithmic heatmap': (values) => heatmap(plane, nine(values), { type: 'log' }),
  densityEvolution: (values) => densityEvolution(plane, nine(values)),
  quiver: (values) =>
    quiver(
      plane,
      Array.from(nine(values)).flatMap((v) => [v, v]),
    ),
  imageGrid: (values) => imageGrid({ values: nine(values), shape: [1, 3, 3] }),
}
const axes: Record<string, FigureOptions> = {
  'linear axes': {},
  'a logarithmic y': { y: { scale: 'log', domain: [1e-3, 1e3] } },
  'a logarithmic x': { x: { scale: 'log' } },
  'logarithmic axes of their own': { x: { scale: 'log' }, y: { scale: 'log' } },
}

/** Either a picture without a number that is none, or a named error. */
async function drawn(mark: (values: number[]) => Promise<Mark>, values: number[], options: FigureOptions) {
  try {
    const svg = toSvg(await figure([mark(values)], options))
    expect(svg).not.toMatch(/[",MLh ](NaN|-?Infinity)/)
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    expect((error as Error).message).toMatch(/^[a-zA-Z]+: expected /)
  }
}

describe.each(Object.entries(marks))('%s', (_, mark) => {
  for (const [name, values] of Object.entries(lists)) {
    for (const [which, options] of Object.entries(axes)) {
      it(`of ${name} over ${which} is drawn or refused by name`, () => drawn(mark, values, options))
    }
  }
})

it('a histogram of equal large numbers has one bin that is not empty', async () => {
  const [shape] = shapesIn(await figure([histogram([2 ** 53, 2 ** 53])]), 'histogram', 'path')
  expect(shape!.lines.filter((box) => box.length > 0)).toHaveLength(1)
})

it('bars on a logarithmic axis stand on its lower edge', async () => {
  const picture = await figure([bars({ a: [1, 10, 0] })], { y: { scale: 'log', domain: [0.1, 100] } })
  const [shape] = shapesIn(picture, 'bars', 'path')
  const height = shape!.lines[0]![1]!
  // log₁₀ of 1 and 10 is a third and two thirds of the way from 0.1 to 100; 0 has no place.
  expect(shape!.lines).toHaveLength(2)
  expect(shape!.lines.map((box) => 1 - box[3]! / height)).toEqual([
    expect.closeTo(1 / 3, 9),
    expect.closeTo(2 / 3, 9),
  ])
})

it('counts that nothing could be drawn for are refused at once', async () => {
  const many = 2 ** 40
  await expect(histogram([1, 2], { bins: many })).rejects.toThrow(
    'histogram: expected bins to be an integer <= 65536',
  )
  await expect(contours(plane, nine([1, 2]), { levels: many })).rejects.toThrow(
    'contours: expected levels to be',
  )
  await expect(curve(Math.sin, { samples: many })).rejects.toThrow(
    'curve: expected samples to be an integer <=',
  )
  expect(() => grid({ size: many })).toThrow('grid: expected size[0] to be an integer <= 8192')
  await expect(figure([], { x: { ticks: many } })).rejects.toThrow('figure: expected x.ticks in [0, 1000)')
  await expect(imageGrid({ values: nine([1]), shape: [1, 3, 3] }, { columns: 2 ** 30 })).rejects.toThrow(
    'imageGrid: expected at most 67108864 pixels in all',
  )
  const picture = await figure([])
  for (const scale of [1e9, 1e-9]) {
    await expect(toPng(picture, { scale })).rejects.toThrow(
      'toPng: expected a size and scale of 1 to 67108864 pixels',
    )
  }
})

it('themes are looked up among their own names', async () => {
  for (const theme of ['constructor', 'toString', '__proto__']) {
    await expect(figure([], { theme: theme as 'dark' })).rejects.toThrow(
      'figure: expected theme to be one of light',
    )
  }
})

import { join } from 'node:path'
import { ones } from '@sgm/tensor'
import { figure, grid, line } from '@sgm/viz'
import { type Calls, folder, picture, x } from '../given'

const plane = grid({ size: 4 })
const mark = await line([0, 1], [1, 2])
const drawn = await figure([mark], { title: 'a' })
const sum = (x: number, y: number) => x + y
const field = (x: number, y: number) => [x, y]
const states = ones([2, 3, 2])

export const viz: Calls = {
  bars: () => [{ a: [1, 2] }, { categories: ['x', 'y'] }],
  contours: () => [plane, sum, {}],
  heatmap: () => [plane, sum, {}],
  densityEvolution: () => [plane, sum, {}],
  errorMap: () => [plane, field, field, {}],
  quiver: () => [plane, field, {}],
  histogram: () => [[1, 2, 3], { bins: 2 }],
  imageGrid: () => [picture, { columns: 1 }],
  curve: () => [Math.sin, { x: [0, 1], samples: 4 }],
  line: () => [[0, 1], [1, 2], {}],
  lossCurve: () => [[1, 2], {}],
  paths: () => [states, {}],
  rule: () => [{ x: 1 }],
  scatter: () => [x, {}],
  figure: () => [[mark], { title: 'a' }],
  bare: () => [[mark], { x: [0, 1] }],
  panels: () => [[drawn], {}],
  shareAxes: () => [[drawn, drawn], { x: true, y: false }],
  toSvg: () => [drawn, { digits: 2 }],
  toPng: () => [drawn, { width: 80, scale: 0.1 }],
  savePng: () => [picture, join(folder, 'a.png'), {}],
  toApng: () => [[drawn], { width: 80, scale: 0.1 }],
  toGif: () => [[drawn], { width: 80, scale: 0.1 }],
}

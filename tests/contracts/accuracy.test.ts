import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as samplers from '@sgm/samplers'
import { type Problem, type Sampler, sample } from '@sgm/samplers'
import type { LinearSDE } from '@sgm/sde'
import * as sde from '@sgm/sde'
import {
  add,
  alignRows,
  dispose,
  div,
  type Key,
  key,
  mul,
  neg,
  type Shape,
  square,
  type Tensor,
  tensor,
} from '@sgm/tensor'
import { afterAll, describe, expect, inject, it } from 'vitest'

/** Of each half of the batch row 0 starts at 0, row 1 at 1; then there is a row for each draw. */
const START = 2
/** 1 in one row of each half. */
const halves = (row: number, half: number) => {
  const values = new Float32Array(2 * half)
  values[row] = values[half + row] = 1
  return values
}

const variances = [0.25, 0.01] as const
const folder = new URL('../../packages/samplers/src/samplers/', import.meta.url)
const page = (locale: string) =>
  new URL(
    `../../docs/${locale === 'en' ? 'docs' : 'i18n/ko/docusaurus-plugin-content-docs/current'}/samplers/index.md`,
    import.meta.url,
  )
const camelCase = (name: string): string => name.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase())

/** They stay at one noise level, with a step in the units of the data. */
const chains = ['hmc', 'langevin', 'mala', 'underdamped-langevin']
/** Few steps are the point of them: within a tenth at their defaults. */
const quick = ['ddim', 'edm-heun']

const names = readdirSync(folder)
  .filter((file) => /^[a-z0-9-]+\.ts$/.test(file) && file !== 'index.ts')
  .map((file) => file.replace('.ts', ''))
  .filter((name) => !chains.includes(name))
const make = (name: string): Sampler =>
  (samplers as unknown as Record<string, () => Sampler>)[camelCase(name)]!()
const processes: Readonly<Record<string, LinearSDE>> = {
  vp: sde.vp(),
  subVp: sde.subVp(),
  cosine: sde.cosine(),
  rectifiedFlow: sde.rectifiedFlow(),
  ve: sde.ve(),
  sigmaT: sde.sigmaT(),
  edm: sde.edm(),
}

/** Of data N(0, v), v one of the two variances for each half of the rows. */
function problemOf(process: LinearSDE, half: number): Problem {
  const values = new Float32Array(2 * half).fill(variances[0]).fill(variances[1], half)
  const score = (x: Tensor, t: Tensor): Tensor => {
    const { alpha, sigma } = process.marginalAt(t)
    return neg(div(x, alignRows(add(mul(square(alpha), tensor(values)), square(sigma)), x)))
  }
  return { process, score }
}

/** The variances of a run that is affine in its start and in its noise, with nothing drawn. */
async function exactVariances(process: LinearSDE, sampler: Sampler): Promise<number[]> {
  // draw i is 1 in one row of each half and 0 elsewhere
  const drawn = new Map<string, number>()
  const normal = ({ words }: Key, shape: Shape): Tensor => {
    const name = words.join()
    if (!drawn.has(name)) drawn.set(name, drawn.size)
    return tensor(halves(START + drawn.get(name)!, shape[0]! / 2), shape)
  }
  const { defaults, evaluationsPerStep = 1 } = sampler
  const half = START + (defaults?.steps ?? 500) * evaluationsPerStep
  const x = tensor(halves(1, half), [2 * half, 1])
  const end = await sample(problemOf(process, half), sampler, { key: key(3), x, normal })
  const values = Array.from(await end.data())
  dispose([x, end])
  const draws = drawn.size
  expect(draws).toBeLessThanOrEqual(half - START)
  return [0, half].map((first) => {
    const [b, one, ...rest] = values.slice(first, first + START + draws) as [number, number, ...number[]]
    return rest.reduce((sum, v) => sum + (v - b) ** 2, ((one - b) * process.prior.sigma) ** 2)
  })
}

const ROWS = 1000

/** The variances of samples, known to √(2/ROWS): 4.5 %. */
async function drawnVariances(process: LinearSDE, sampler: Sampler): Promise<number[]> {
  const x = await sample(problemOf(process, ROWS), sampler, { key: key(3), shape: [2 * ROWS, 1] })
  const values = Array.from(await x.data())
  dispose(x)
  return [0, ROWS].map((first) => {
    const half = values.slice(first, first + ROWS)
    const mean = half.reduce((a, b) => a + b) / ROWS
    return half.reduce((sum, v) => sum + (v - mean) ** 2, 0) / ROWS
  })
}

/** A row of the table for each sampler: by how many percent each variance is off. */
const table = new Map<string, number[]>()

// In float64 on the host and float32 in the tensors: the engine does not matter, and of thousands of rows this one is quick.
describe.runIf(inject('backend') === 'wasm')('at its defaults', () => {
  it.each(names)('%s has the variance of the data, over every process', async (name) => {
    const off: number[] = []
    const adaptive = name === 'adaptive-sde'
    for (const process of Object.values(processes)) {
      const found = await (adaptive ? drawnVariances : exactVariances)(process, make(name))
      off.push(...found.map((value, i) => 100 * (value / variances[i]! - 1)))
    }
    table.set(name, off)
    const most = (quick.includes(name) ? 10 : 5) + (adaptive ? 500 * Math.sqrt(2 / ROWS) : 0)
    expect(Math.max(...off.map(Math.abs)), off.map((v) => v.toFixed(1)).join(' ')).toBeLessThan(most)
  })

  /** Rewritten in place where SGM_ACCURACY is `write`. */
  afterAll(() => {
    if (table.size < names.length) return
    for (const locale of ['en', 'ko']) {
      const text = readFileSync(page(locale), 'utf8')
      const marks = /(<!-- measured by tests\/contracts\/accuracy[^\n]*-->\n).*(<!-- measured -->\n)/s
      const [, before, after] = marks.exec(text)!
      const written = text.replace(marks, `${before}\n${markdown(text, locale)}\n${after}`)
      if (process.env.SGM_ACCURACY === 'write') writeFileSync(page(locale), written)
      else expectNear(text, written)
    }
  })
})

/** The table, with the titles and addresses that the page itself gives to the samplers. */
function markdown(text: string, locale: string): string {
  const heads = [
    locale === 'en' ? 'Sampler' : '샘플러',
    ...Object.keys(processes).map((name) => `\`${name}\``),
  ]
  const rows = [...table].map(([name, off]) => {
    const [link] = new RegExp(`\\[[^\\]]+\\]\\([a-z/]*${name}\\.md\\)`).exec(text)!
    const cells = Object.keys(processes).map((_, i) => `${percent(off[2 * i]!)}, ${percent(off[2 * i + 1]!)}`)
    return [link, ...cells]
  })
  return [heads, heads.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
}

const percent = (value: number): string =>
  value
    .toFixed(1)
    .replace(/^-0\.0$/, '0.0')
    .replace('-', '−')

/** Float32 rounding may move the last digit. */
function expectNear(written: string, measured: string): void {
  const numbers = (text: string): number[] =>
    [...text.matchAll(/[−\d]\d*\.\d(?=[, ])/g)].map(([digits]) => Number(digits.replace('−', '-')))
  const [before, now] = [numbers(written), numbers(measured)]
  expect(before.length).toBe(now.length)
  for (const [i, value] of now.entries()) expect(Math.abs(value - before[i]!)).toBeLessThan(0.15)
}

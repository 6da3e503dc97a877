import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gaussianBits } from './gaussian-bits'
import { main } from './index'
import { holds, type Row, written } from './measure'
import { reportFolder } from './report/write'
import { table } from './terminal'

const small = {
  steps: 2,
  samples: 100,
  greySteps: 2,
  colourSteps: 2,
  batch: 2,
  glyphs: 4,
  glyphSteps: 3,
  tolerances: [1e-1, 1e-3],
  width: 8,
} as const

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sgm-demo-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('measures every quantity, draws every figure, and tells an untrained score from a trained one', async () => {
  const tasks = new Set<string>()
  const out = join(folder, 'report')
  const { rows, sections, page } = await main({ ...small, out, progress: (task) => tasks.add(task) })
  expect(tasks.size).toBe(30)
  expect(sections).toHaveLength(16)
  const silent = sections.filter(({ figures, rows }) => figures.length === 0 || rows.length === 0)
  expect(silent.map(({ title }) => title)).toEqual(['Drawn digits', 'Drawn digits in colours'])

  for (const { measured, truth, tolerance } of rows) {
    expect([measured, truth, tolerance].every(Number.isFinite)).toBe(true)
  }
  // What no training is needed for holds, and what it is needed for does not.
  const held = (group: string) => rows.filter((row) => row.group.startsWith(group)).map(holds)
  for (const group of ['score field', 'Langevin', 'mixing', 'marginals', 'SDE', 'ODE']) {
    expect(held(group), group).not.toContain(false)
  }
  const learned = rows.filter(({ quantity }) => /Fisher|σ = 0.5: error where|nearest/.test(quantity))
  expect(learned.map(holds)).toEqual(learned.map(() => false))
  const text = table(rows)
  for (const { quantity } of rows) expect(text).toContain(quantity)
  expect(text).toContain('✗ missed')

  expect(page).toBe(join(out, 'index.html'))
  const html = readFileSync(page!, 'utf8')
  const links = [...html.matchAll(/(?:src|srcset|href)="([^"#]+)"/g)].map(([, link]) => link!)
  const files = readdirSync(out).filter((file) => file !== 'index.html')
  expect([...new Set(links)].sort()).toEqual(files.sort())
  for (const { figures } of sections) {
    for (const { name, frames } of figures) {
      for (const theme of ['light', 'dark']) {
        expect(files).toContain(`${name}-${theme}.svg`)
        if (frames) expect(files).toContain(`${name}-${theme}.gif`)
      }
    }
  }
  for (const alt of html.matchAll(/alt="([^"]*)"/g)) expect(alt[1]!.length).toBeGreaterThan(10)
  for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${id}"`)
  expect(readdirSync(folder)).toEqual(['report'])
})

it('stops when it is told to', async () => {
  const abort = new AbortController()
  const stopping = main({
    ...small,
    steps: 50,
    out: join(folder, 'report'),
    signal: abort.signal,
    progress: (task, done) => {
      if (task === 'error map: one level' && done === 3) abort.abort(new Error('interrupted'))
    },
  })
  await expect(stopping).rejects.toThrow('interrupted')
  expect(readdirSync(folder)).toEqual([])
})

describe('the report', () => {
  const facts = { date: '', machine: '', versions: '', seconds: 1 }
  const section = { title: 'A < B & "C"', text: '', rows: [], figures: [], seconds: 1 }

  it('takes the place of the one before, whole', async () => {
    const place = await reportFolder(join(folder, 'out', 'report'))
    await place.write([section], facts, () => {})
    writeFileSync(join(place.path, 'old.svg'), '')
    const page = await place.write([section], facts, () => {})
    expect(readdirSync(place.path)).toEqual(['index.html'])
    expect(readdirSync(join(folder, 'out'))).toEqual(['report'])
    expect(readFileSync(page, 'utf8')).toContain('A &lt; B &amp; &quot;C&quot;')
  })

  it('leaves the one before, and nothing else, when a figure fails', async () => {
    const place = await reportFolder(join(folder, 'report'))
    const before = await place.write([section], facts, () => {})
    const broken = {
      layout: () => {
        throw new Error('no layout')
      },
    }
    const figures = [{ name: 'broken', caption: '', picture: broken }]
    await expect(place.write([{ ...section, figures }], facts, () => {})).rejects.toThrow('no layout')
    expect(readdirSync(folder)).toEqual(['report'])
    expect(existsSync(before)).toBe(true)
  })

  it('is refused in one line, before any work, where it cannot be written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const tasks: string[] = []
    const writing = main({ ...small, out: join(file, 'report'), progress: (task) => tasks.push(task) })
    await expect(writing).rejects.toThrow(/^demo: expected a folder that can be written at .*, got .*$/)
    expect(tasks).toEqual([])
  })
})

describe('quantities', () => {
  const row = { group: '', quantity: '', measured: 1, truth: 0, tolerance: 0.5 }

  it('hold within their tolerance, on their side of a bound, and never as NaN', () => {
    expect(holds(row)).toBe(false)
    expect(holds({ ...row, measured: -0.5 })).toBe(true)
    expect(holds({ ...row, bound: 'below' })).toBe(true)
    expect(holds({ ...row, bound: 'above' })).toBe(false)
    const bounds: Row['bound'][] = ['above', 'below']
    for (const bound of bounds) expect(holds({ ...row, measured: Number.NaN, bound: bound! })).toBe(false)
    expect(holds({ ...row, measured: Number.NaN })).toBe(false)
  })

  it('are written to the digits that matter', () => {
    expect(written({ ...row, measured: -1.23456, truth: 2e-5, tolerance: 0.0123 })).toEqual({
      measured: '−1.2346',
      truth: '2.0e−5',
      tolerance: '± 0.012',
    })
    expect(written({ ...row, tolerance: 0, bound: 'above' })).toEqual({
      measured: '1',
      truth: '≤ 0',
      tolerance: '',
    })
  })
})

it('finds the bits of a normal density', () => {
  // Mean (½, ½) and covariance ((1, ½), (½, 1)) · 0.01: rows at ±√2 and ±√2 · √3 of the eigenvectors’ halves.
  const [a, b] = [0.1 * Math.sqrt(1.5), 0.1 * Math.sqrt(0.5)]
  const seen = [0.5 + a, 0.5 + a, 0.5 - a, 0.5 - a, 0.5 + b, 0.5 - b, 0.5 - b, 0.5 + b]
  const [bits] = gaussianBits(Float32Array.from(seen), Float32Array.from([0.6, 0.5]), 2, 0)
  const determinant = 1e-4 * (1 - 0.25)
  const square = (0.1 ** 2 * 0.01) / determinant
  const nats = 0.5 * square + 0.5 * Math.log(determinant) + Math.log(2 * Math.PI)
  expect(bits).toBeCloseTo(nats / (2 * Math.LN2) + 8, 5)
})

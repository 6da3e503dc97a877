import { cpus, loadavg } from 'node:os'
import type { Contender } from './measure'

/** The machine and its load, in a line. */
export function machine(): string {
  const cores = cpus()
  const load = loadavg()
    .map((n) => n.toFixed(1))
    .join(', ')
  return `${cores.length} cores (${cores[0]?.model.trim()}), load ${load}, Node ${process.versions.node}`
}

/** What an item gave: a time for each contender, or nothing. */
export interface Row {
  readonly title: string
  readonly times: readonly (number | undefined)[]
  /** Operations of one run, where the rate is to be shown. */
  readonly flops?: number | undefined
}

/** Three significant digits. */
export const digits = (n: number): string => (n >= 1000 ? n.toFixed(0) : n.toPrecision(3))

/** A Markdown table: times in milliseconds, and how many times the first contender's they are. */
export function table(contenders: readonly Contender[], rows: readonly Row[]): string {
  const header = ['ms (× ours)', ...contenders.map(({ name }) => name)]
  const threads = ['threads', ...contenders.map(({ threads }) => `${threads}`)]
  const body = rows.flatMap(({ title, times, flops }) => {
    const [ours] = times
    const cells = times.map((time, i) => {
      if (time === undefined) return '–'
      return i === 0 || ours === undefined ? digits(time) : `${digits(time)} (${digits(time / ours)})`
    })
    const rates = times.map((time) => (time === undefined || !flops ? '–' : digits(flops / time / 1e6)))
    return [[title, ...cells], ...(flops ? [['… GFLOP/s', ...rates]] : [])]
  })
  return markdown([header, threads, ...body])
}

function markdown([header, ...rows]: readonly (readonly string[])[]): string {
  const widths = header!.map((_, i) => Math.max(3, ...[header!, ...rows].map((row) => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(header!), rule, ...rows.map(line)].join('\n')
}

import { Presets, SingleBar } from 'cli-progress'
import Table from 'cli-table3'
import { holds, type Row, written } from './measure'
import type { Progress } from './section'

/** A progress bar for each task, one after the other; a line at its end where there is no terminal. */
export function progressBars(): { readonly update: Progress; stop(): void } {
  let task = ''
  let bar: SingleBar | undefined
  const begin = (name: string, total: number): void => {
    bar?.stop()
    task = name
    bar = new SingleBar(
      {
        format: `${name.padEnd(34)} {bar} {percentage}% · {duration_formatted} · {note}`,
        noTTYOutput: true,
        notTTYSchedule: 10_000,
        hideCursor: true,
        gracefulExit: false,
      },
      Presets.shades_classic,
    )
    bar.start(total, 0, { note: '' })
  }
  return {
    update(name, done, total, note = '') {
      if (name !== task) begin(name, total)
      bar?.update(done, { note })
    },
    stop: () => bar?.stop(),
  }
}

/** The quantities as a table. */
export function table(rows: readonly Row[]): string {
  const out = new Table({
    head: ['', 'quantity', 'measured', 'true', 'tolerance', 'NFE', ''],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  })
  for (const row of rows) {
    const { measured, truth, tolerance } = written(row)
    out.push([
      row.group,
      row.quantity,
      measured,
      truth,
      tolerance,
      row.evaluations ?? '',
      holds(row) ? '✓' : '✗ missed',
    ])
  }
  return out.toString()
}

import { Presets, SingleBar } from 'cli-progress'
import type { Report } from './context'

/** A progress bar for each task, one after the other; lines now and then where there is no terminal. */
export function progressBars(stream: NodeJS.WriteStream): { readonly report: Report; stop(): void } {
  let task: string | undefined
  let bar: SingleBar | undefined
  let begun = 0
  let from = 0
  return {
    report(name, done, total, note = '') {
      if (name !== task) {
        bar?.stop()
        task = name
        begun = performance.now()
        from = done
        bar = new SingleBar(
          {
            format: `${name.padEnd(10)} {bar} {value}/{total} · {eta_text} · {note}`,
            barsize: 24,
            stream,
            noTTYOutput: true,
            notTTYSchedule: 10_000,
            gracefulExit: false,
            clearOnComplete: false,
          },
          Presets.shades_classic,
        )
        bar.start(total, done, { note, eta_text: '…' })
      }
      bar?.update(done, { note, eta_text: etaText(performance.now() - begun, done - from, total - done) })
    },
    stop: () => bar?.stop(),
  }
}

/** How long the rest takes at the rate so far. */
export function etaText(milliseconds: number, done: number, left: number): string {
  if (left <= 0) return `${duration(milliseconds)} in all`
  return done <= 0 ? '…' : `${duration((milliseconds / done) * left)} left`
}

/** 75 000 → 1m15s. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  if (h > 0) return `${h}h${String(m).padStart(2, '0')}m`
  return m > 0 ? `${m}m${String(s).padStart(2, '0')}s` : `${s}s`
}

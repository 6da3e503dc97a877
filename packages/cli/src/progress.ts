import type { Progress } from '@sgm/tensor'
import { checkAtLeast, checkMethods, checkStrings, objectOf, optionsOf } from '@sgm/tensor/check'
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
            format: `${name.padEnd(10)} {bar} {value}/{total}{told}`,
            barsize: 24,
            stream,
            noTTYOutput: true,
            notTTYSchedule: 10_000,
            gracefulExit: false,
            clearOnComplete: false,
          },
          Presets.shades_classic,
        )
        bar.start(total, done, { told: told(note) })
      }
      const rest = etaText(performance.now() - begun, done - from, total - done)
      bar?.update(done, { told: told(rest, note) })
    },
    stop: () => bar?.stop(),
  }
}

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** What stands before the bar. @default 'working' */
  readonly task?: string
  /** @default `process.stderr` */
  readonly stream?: NodeJS.WriteStream
}

/**
 * A bar in the terminal for one long call of the library, with how long the rest takes; lines now and then where there is no terminal.
 *
 * @returns What `onProgress` takes, of sampling, likelihood, training and metrics alike. After the last step the bar stays as it is.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const onProgress = progressBar({ task: 'sampling' })
 * const x = await sample({ process, score }, ddim(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 *   onProgress,
 * })
 */
export function progressBar(options: ProgressBarOptions = {}): (progress: Progress) => void {
  const { task = 'working', stream = process.stderr } = optionsOf('progressBar', options, { task: true, stream: true }) // biome-ignore format: defaults
  checkStrings('progressBar', { task })
  checkMethods('progressBar', { stream }, 'write')
  const bars = progressBars(stream)
  return (progress) => {
    const { index, steps } = objectOf('progressBar', progress, 'how far a call is')
    checkAtLeast('progressBar', { index }, 0)
    if (steps !== Number.POSITIVE_INFINITY) checkAtLeast('progressBar', { steps }, 0)
    bars.report(task, index, steps, noteOf(progress))
    if (index === steps) bars.stop()
  }
}

/** What stands behind a bar, where there is something to tell. */
function told(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => ` · ${part}`)
    .join('')
}

/** What is told beside how far a call is. */
function noteOf(progress: Progress & { readonly evaluations?: number; readonly emaLoss?: number }): string {
  const { evaluations, emaLoss } = progress
  if (typeof emaLoss === 'number') return `loss ${emaLoss.toPrecision(4)}`
  return typeof evaluations === 'number' ? `${evaluations} evaluations` : ''
}

/** How long the rest takes at the rate so far, if there is one; how long it has taken where nobody knows how much is left. */
export function etaText(milliseconds: number, done: number, left: number): string {
  if (!Number.isFinite(left)) return `${duration(milliseconds)} so far`
  if (left <= 0) return `${duration(milliseconds)} in all`
  return done <= 0 ? '' : `${duration((milliseconds / done) * left)} left`
}

/** 75 000 → 1m15s. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  if (h > 0) return `${h}h${String(m).padStart(2, '0')}m`
  return m > 0 ? `${m}m${String(s).padStart(2, '0')}s` : `${s}s`
}

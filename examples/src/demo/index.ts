import { pathToFileURL } from 'node:url'
import { onnx } from '@sgm/backend-onnx'
import { gaussianMixture } from '@sgm/score'
import { ve, vp } from '@sgm/sde'
import { foldIn, key, useBackend } from '@sgm/tensor'
import { experiment, type Progress } from './experiment'
import { holds, type Row } from './measure'
import { progressBars, table } from './terminal'

/** Options of {@link main}. */
export interface DemoOptions {
  /** Training steps for each process. @default 3000 */
  readonly steps?: number
  /** Samples drawn by each sampler. @default 2000 */
  readonly samples?: number
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/**
 * Learns the score of ⅕ N((−5, −5), I) + ⅘ N((5, 5), I) over a VE and a VP process, samples it three ways and finds
 * log-likelihoods: every quantity beside its true value.
 */
export async function main({
  steps = 3000,
  samples = 2000,
  progress = () => {},
  signal,
}: DemoOptions = {}): Promise<Row[]> {
  await useBackend('wasm')
  const target = gaussianMixture()
  const executor = onnx()
  const common = { target, steps, samples, executor, progress, ...(signal && { signal }) }
  return [
    ...(await experiment({
      ...common,
      name: 'VE',
      process: ve({ sigmaMin: 0.01, sigmaMax: 50 }),
      key: foldIn(key(0), 0),
    })),
    ...(await experiment({ ...common, name: 'VP', process: vp(), key: foldIn(key(0), 1) })),
  ]
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort(new Error('interrupted')))
  const bars = progressBars()
  const begun = performance.now()
  try {
    const rows = await main({ progress: bars.update, signal: abort.signal })
    bars.stop()
    console.log(table(rows))
    const missed = rows.filter((row) => !holds(row)).length
    const seconds = ((performance.now() - begun) / 1000).toFixed(0)
    console.log(`${rows.length - missed} of ${rows.length} quantities within tolerance, ${seconds} s`)
    process.exitCode = missed > 0 ? 1 : 0
  } catch (error) {
    bars.stop()
    if (!abort.signal.aborted) throw error
    console.error('interrupted')
    process.exitCode = 130
  }
}

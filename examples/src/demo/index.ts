import { cpus, totalmem } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onnx } from '@sgm/backend-onnx'
import { key, useBackend } from '@sgm/tensor'
import { env } from 'onnxruntime-node'
import { holds, type Row } from './measure'
import { reportFolder, type TimedSection, UnwritableError } from './report/write'
import type { Effort, Progress } from './section'
import { makeSections } from './sections'
import { progressBars, table } from './terminal'

/** Where the report goes when the demo is run. */
const OUT = fileURLToPath(new URL('../../../out/report', import.meta.url))

/** Options of {@link main}. */
export interface DemoOptions extends Partial<Effort> {
  /** Folder that the report is put into. @default none is written */
  readonly out?: string
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** What the demo found. */
export interface Findings {
  readonly rows: readonly Row[]
  readonly sections: readonly TimedSection[]
  /** Path of the report's page. */
  readonly page?: string
}

/**
 * Makes the article's figures, trains models of points and of drawn digits, samples them, completes with them and finds
 * likelihoods: every quantity beside its true value, and all of it in a report.
 *
 * @throws Error before any work when the report's folder cannot be written.
 */
export async function main({
  out,
  progress = () => {},
  signal,
  steps = 3000,
  samples = 2000,
  greySteps = 1800,
  colourSteps = 900,
  batch = 16,
  glyphs = 60,
  glyphSteps = 100,
  tolerances = [1e-1, 1e-3, 1e-5],
  width = 32,
}: DemoOptions = {}): Promise<Findings> {
  const folder = out === undefined ? undefined : await reportFolder(out)
  await useBackend('wasm')
  const effort = { steps, samples, greySteps, colourSteps, batch, glyphs, glyphSteps, tolerances, width }
  const context = { effort, executor: onnx(), progress, ...(signal && { signal }) }
  const begun = performance.now()
  const made: TimedSection[] = []
  let start = begun
  for await (const section of makeSections({ ...context, key: key(0) })) {
    const now = performance.now()
    made.push({ ...section, seconds: (now - start) / 1000 })
    start = now
    signal?.throwIfAborted()
  }
  const facts = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    versions: `Node ${process.version}, ONNX Runtime ${env.versions.node ?? env.versions.common}`,
    seconds: (performance.now() - begun) / 1000,
  }
  const page = await folder?.write(made, facts, progress, signal)
  return { rows: made.flatMap(({ rows }) => rows), sections: made, ...(page && { page }) }
}

function machine(): string {
  const cores = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cores[0]?.model.trim() ?? process.arch}, ${cores.length} cores, ${memory} GiB, ${process.platform}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const bars = progressBars()
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      bars.stop()
      console.error('interrupted')
      process.exit(code)
    })
  }
  const begun = performance.now()
  try {
    const { rows, page } = await main({ out: OUT, progress: bars.update })
    bars.stop()
    console.log(table(rows))
    const missed = rows.filter((row) => !holds(row)).length
    const seconds = ((performance.now() - begun) / 1000).toFixed(0)
    console.log(`${rows.length - missed} of ${rows.length} quantities within tolerance, ${seconds} s`)
    console.log(`report: ${page}`)
    process.exitCode = missed > 0 ? 1 : 0
  } catch (error) {
    bars.stop()
    if (!(error instanceof UnwritableError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

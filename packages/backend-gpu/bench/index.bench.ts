import { useBackend } from '@sgm/tensor'
import { openGpu } from '../src'
import { roofline } from './adapter'
import { type Counts, count, counted, perCall } from './counts'
import { type Item, items, type Job } from './items.bench'

/**
 * Times the work of sgm on this machine's GPU, compiled and eager (tfjs's WebGPU), beside what the adapter can do at most.
 *
 *     pnpm bench:gpu [--smoke] [PART OF A TITLE …]
 *
 * On an adapter in software times say nothing of GPUs: there `--smoke` runs small sizes and prints counts alone.
 */
const args = process.argv.slice(2)
const smoke = args.includes('--smoke')
const wanted = args.filter((one) => !one.startsWith('--'))
/** Milliseconds that a contender gets for an item, beside its first run. */
const BUDGET = 3000

interface Measured extends Counts {
  /** Milliseconds of a call. */
  readonly time: number
  /** Bytes that compiled functions hold. */
  readonly held: number
}

const gpu = await openGpu()
try {
  if (gpu.software && !smoke) {
    throw new Error(
      `bench:gpu: expected a GPU, got ${gpu.description}, whose speed says nothing of one; --smoke counts kernels on it`,
    )
  }
  if (!gpu.eager) throw new Error('bench:gpu: expected the package @tensorflow/tfjs-backend-webgpu, got none')
  await useBackend('webgpu')
  count()
  console.log(`${gpu.description}; Node ${process.versions.node}; tile ${JSON.stringify(await gpu.tile())}`)
  if (!smoke) {
    const { bandwidth, rate } = await roofline(gpu.device)
    console.log(`copies ${(bandwidth / 1e9).toFixed(0)} GB/s; f32 ${(rate / 1e12).toFixed(2)} TFLOP/s\n`)
  }
  const columns = ['dispatches', 'submits', 'reads', 'KB up', 'MB held']
  const times = smoke ? [] : ['ms', 'TFLOP/s', 'eager ms', '× eager']
  console.log(row(['a call of', ...times, ...columns, 'eager dispatches']))
  console.log(row(['---', ...[...times, ...columns, ''].map(() => '--:')]))
  for (const item of items(smoke)) {
    if (wanted.length > 0 && !wanted.some((part) => item.title.includes(part))) continue
    const ours = await measured(item, true)
    const eager = await measured(item, false).catch((error: Error) => error)
    console.log(row([item.title, ...(smoke ? [] : speeds(item, ours, eager)), ...counts(ours), said(eager)]))
  }
  console.log('\nNot measured here: jax-js and onnxruntime-web on WebGPU, which want a browser.')
} finally {
  await useBackend('cpu')
  gpu.close()
}

async function measured(item: Item, compiled: boolean): Promise<Measured> {
  const before = gpu.usage.bytes
  const job = await item.start(gpu.device, compiled ? gpu.executor() : undefined)
  try {
    // Traces, compiles and fills the pools.
    await job.run()
    const from = counted()
    const time = await timed(job)
    const { calls } = job
    return {
      ...perCall(from, counted(), calls * time.runs),
      time: time.least / calls,
      held: gpu.usage.bytes - before,
    }
  } finally {
    await job.dispose()
  }
}

/** The least time of a run, over as many as the budget allows. */
async function timed(job: Job): Promise<{ least: number; runs: number }> {
  let [least, runs, spent] = [Number.POSITIVE_INFINITY, 0, 0]
  do {
    const begun = performance.now()
    await job.run()
    const time = performance.now() - begun
    least = Math.min(least, time)
    spent += time
    runs++
  } while (!smoke && spent < BUDGET)
  return { least, runs }
}

function speeds({ flops }: Item, { time }: Measured, eager: Measured | Error): string[] {
  const rate = flops === undefined ? '–' : (flops / time / 1e9).toFixed(2)
  if (eager instanceof Error) return [time.toPrecision(3), rate, '–', '–']
  return [time.toPrecision(3), rate, eager.time.toPrecision(3), (eager.time / time).toPrecision(3)]
}

function counts({ dispatches, submits, reads, uploaded, held }: Measured): string[] {
  return [
    dispatches.toFixed(0),
    submits.toFixed(1),
    reads.toFixed(1),
    (uploaded / 1e3).toFixed(1),
    (held / 1e6).toFixed(1),
  ]
}

function said(eager: Measured | Error): string {
  return eager instanceof Error ? `failed: ${eager.message.slice(0, 60)}` : eager.dispatches.toFixed(0)
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

import { cpus, loadavg } from 'node:os'

/** One way to do a piece of work. */
export type Contender = Runner | Measured

/** One that is measured here. */
export interface Runner {
  readonly name: string
  /** Does the work once, results read on the host. */
  readonly run: () => Promise<unknown>
  readonly dispose?: () => unknown
}

/** One that another process measured. */
export interface Measured {
  readonly name: string
  /** Milliseconds. */
  readonly measured: number
}

/** A piece of work and the ways to do it. */
export interface Item {
  readonly title: string
  /** Multiplications and additions of one run, where the rate is of interest. */
  readonly flops?: number
  /** Made one by one; a line of text says why one is left out. */
  readonly contenders: readonly (() => Promise<Contender | string>)[]
}

const BUDGET_MS = 2500

/** The machine and its load, in a line. */
export function machine(): string {
  const cores = cpus()
  const load = loadavg()
    .map((n) => n.toFixed(1))
    .join(', ')
  return `${cores.length} cores (${cores[0]?.model.trim()}), load ${load}, Node ${process.versions.node}`
}

/** Milliseconds of the fastest run of each; they take turns, so that other work on the machine falls on all of them. */
async function fastest(contenders: readonly Contender[]): Promise<number[]> {
  const best = contenders.map((one) => ('measured' in one ? one.measured : Number.POSITIVE_INFINITY))
  const runners = contenders.flatMap((one, i) => ('run' in one ? [{ run: one.run, i, spent: 0 }] : []))
  for (const { run } of runners) await run()
  for (let turn = 0; turn < 300; turn++) {
    for (const runner of runners.filter(({ spent }) => spent < BUDGET_MS)) {
      const begun = performance.now()
      await runner.run()
      const took = performance.now() - begun
      runner.spent += took
      best[runner.i] = Math.min(best[runner.i]!, took)
    }
  }
  return best
}

/** Measures an item and prints its table. */
export async function measure({ title, flops, contenders }: Item): Promise<void> {
  const ready: Contender[] = []
  const left: string[] = []
  for (const make of contenders) {
    const made = await make().catch((error: Error) => `${error.message.split('\n')[0]}`)
    if (typeof made === 'string') left.push(made)
    else ready.push(made)
  }
  const times = await fastest(ready)
  const ours = times[ready.findIndex(({ name }) => name.startsWith('sgm'))] ?? Number.NaN
  console.log(`\n${title}`)
  const width = Math.max(...ready.map(({ name }) => name.length))
  for (const [i, one] of ready.entries()) {
    const time = times[i]!
    const rate = flops === undefined ? '' : `${(flops / time / 1e6).toFixed(1).padStart(9)} GFLOP/s`
    console.log(
      `  ${one.name.padEnd(width)} ${time.toFixed(2).padStart(10)} ms ${(time / ours).toFixed(2).padStart(8)}×${rate}`,
    )
    if ('run' in one) await one.dispose?.()
  }
  for (const line of left) console.log(`  left out: ${line}`)
}

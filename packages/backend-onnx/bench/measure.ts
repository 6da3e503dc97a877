import type { Job, Work } from './work'

/** One way to do the work: a column of the table. */
export interface Contender {
  readonly name: string
  readonly threads: number
  /** Multiplications and additions beyond which it is left out, being slow. */
  readonly limit?: number
  /** Makes the work ready and does it. @throws Error that says why it cannot */
  prepare(work: Work): Promise<Prepared>
  close?(): void
}

/** Work that has been done. */
export interface Prepared {
  readonly check: number | undefined
  /** Milliseconds of one run, whatever comes with the very first left out. */
  readonly onceMs: number
  /** Milliseconds of each run: again and again until `budgetMs` are spent, but once at least; one more, before, is not counted. */
  readonly run: (budgetMs: number) => Promise<readonly number[]>
  readonly dispose: () => unknown
}

const ROUNDS = 9
/** A turn: so long, or some runs that together take no more than the most. */
const SLOT_MS = { least: 100, most: 1000 }
const RUNS = 3
/** One run that takes longer is all there is. */
const LONG_MS = 3000
/** Time after which a contender takes no further turn. */
const BUDGET_MS = 4000

/** Prepares a job of this process. */
export async function prepared({ run, dispose }: Job): Promise<Prepared> {
  const check = await run()
  const begun = performance.now()
  await run()
  return {
    check,
    onceMs: performance.now() - begun,
    run: (budgetMs) => timed(run, budgetMs),
    dispose: () => dispose?.(),
  }
}

/** Times runs, one after another. */
export async function timed(run: () => Promise<unknown>, budgetMs: number): Promise<number[]> {
  await run()
  const times: number[] = []
  let spent = 0
  while (spent < budgetMs) {
    const begun = performance.now()
    await run()
    times.push(performance.now() - begun)
    spent += times.at(-1)!
  }
  return times
}

/**
 * Milliseconds of each, typically: the median over rounds of the median of a round, in which all take turns, so that other work
 * on the machine falls on all of them.
 */
export async function typical(all: readonly Prepared[]): Promise<number[]> {
  const rounds: number[][] = all.map(({ onceMs }) => (onceMs > LONG_MS ? [onceMs] : []))
  const spent = all.map(({ onceMs }) => (onceMs > LONG_MS ? BUDGET_MS : 0))
  const slots = all.map(({ onceMs }) => Math.max(SLOT_MS.least, Math.min(RUNS * onceMs, SLOT_MS.most)))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { run }] of all.entries()) {
      if (spent[i]! >= BUDGET_MS) continue
      const begun = performance.now()
      rounds[i]!.push(median(await run(slots[i]!)))
      spent[i]! += performance.now() - begun
    }
  }
  return rounds.map(median)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

import { type Counts, counted, perCall } from './counts'
import type { Job } from './work'

/** What a call took, and asked of the device. */
export interface Measured extends Counts {
  /** Milliseconds. */
  readonly time: number
}

/** Measures work after a run that traces, compiles and fills the pools; of several runs the quickest. */
export async function measure({ run }: Job, calls: number, budget: number): Promise<Measured> {
  await run()
  const from = counted()
  let [least, runs, spent] = [Number.POSITIVE_INFINITY, 0, 0]
  do {
    const begun = performance.now()
    await run()
    const time = performance.now() - begun
    least = Math.min(least, time)
    spent += time
    runs++
  } while (spent < budget)
  return { ...perCall(from, counted(), calls * runs), time: least / calls }
}

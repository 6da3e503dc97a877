import type { LinearSDE, Process, TimeSpan } from './types'

/** Whether a process has its coefficients as numbers and its marginals in closed form. */
export function isLinear(process: Process | undefined): process is LinearSDE {
  return typeof process === 'object' && process !== null && 'marginal' in process
}

/** Where a run over a process starts and ends if it does not say so. */
export function spanOf(process: Process | undefined): Required<Omit<TimeSpan, 'steps'>> {
  const [first, last] = process?.interval ?? [0, 0]
  return { start: last, end: isLinear(process) ? process.cutOffs.sample : first }
}

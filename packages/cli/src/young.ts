import type { RunConfig } from './config'
import { quoted } from './quoted'

/** The share of a run below which its weights have hardly learned. */
const SHARE = 0.05

/** What is said of weights that are too young to be sampled, if they are. */
export function youth(folder: string, { steps, warmUp }: RunConfig, step: number): string | undefined {
  const enough = Math.max(warmUp, Math.ceil(SHARE * steps))
  if (step >= Math.min(enough, steps)) return undefined
  return (
    `note: ${step} of ${steps} steps are too few to tell samples from noise; ` +
    `train on with: sgm train --out ${quoted(folder)}`
  )
}

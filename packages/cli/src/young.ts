import type { RunConfig } from './config'
import { pasteable } from './invocation'
import { choose, offered } from './settings/names'

/** The share of the steps that a network was published with below which its weights have hardly learned. */
const SHARE = 0.05

/** What is said of weights that are too young to be used, if they are. */
export function youth(folder: string, { net, steps, warmUp }: RunConfig, step: number): string | undefined {
  const enough = Math.max(warmUp, Math.ceil(SHARE * choose('net', offered.net, net).training.steps))
  if (step >= enough) return undefined
  const longer = step < steps ? '' : ` --steps ${offered.net[net]!.training.steps}`
  return (
    `note: weights of ${step} steps have learned little: samples may be noise still; ` +
    `train on with: ${pasteable('train --out', folder)}${longer}`
  )
}

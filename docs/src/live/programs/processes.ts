import { cosine, edm, type LinearSDE, rectifiedFlow, sigmaT, subVp, ve, vp } from '@sgm/sde'
import type { processChoices } from '../demos/sde-paths'

/** Processes with so little noise at the end that data and noise are seen in one picture. */
const processes: Readonly<Record<keyof typeof processChoices, () => LinearSDE>> = {
  ve: () => ve({ sigmaMax: 4 }),
  vp: () => vp(),
  'sub-vp': () => subVp(),
  'sigma-t': () => sigmaT({ sigma: 6 }),
  cosine: () => cosine(),
  edm: () => edm({ sigmaMax: 4 }),
  'rectified-flow': () => rectifiedFlow(),
}

/** @throws RangeError for a name that is none of the choices. */
export function processOf(name: string): LinearSDE {
  const found = Object.entries(processes).find(([one]) => one === name)
  if (!found) throw new RangeError(`processOf: expected ${Object.keys(processes).join(' | ')}, got ${name}`)
  return found[1]()
}

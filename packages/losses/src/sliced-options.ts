import { full, type Key, type NamedTensors, type Shape } from '@sgm/tensor'
import { checkFinite, checkFunctions, checkIntegers } from '@sgm/tensor/check'
import { drawProbes, type Probe } from './probes'

/** What every sliced objective takes. */
export interface SlicedOptions {
  /** How directions are drawn. @default `rademacher` */
  readonly probe?: Probe
  /** Directions a row, averaged over, an integer >= 1. @default 1 */
  readonly projections?: number
  /** Time that the score is given. @default 0 */
  readonly time?: number
}

/** Draws of a sliced objective: probes `[B, projections, ...D]` and times `[B]`. */
export function slicedDraw(
  where: string,
  { probe, projections, time }: Required<SlicedOptions>,
): (key: Key, shape: Shape) => NamedTensors {
  checkFunctions(where, { probe })
  checkIntegers(where, { projections })
  checkFinite(where, { time })
  return (key, shape) => ({
    times: full([shape[0]!], time),
    probes: drawProbes(probe, key, shape, projections),
  })
}

import { type LinearSDE, sigmaT, subVp, ve, vp } from '@sgm/sde'
import { choose } from './choose'

/** The numbers of a process that a run may set. */
export interface ProcessNumbers {
  readonly sigma?: number
  readonly sigmaMin?: number
  readonly sigmaMax?: number
  readonly betaMin?: number
  readonly betaMax?: number
}

/** A process by name, and how its authors used it. */
interface ProcessChoice {
  readonly make: (numbers: ProcessNumbers) => LinearSDE
  readonly numbers: Required<ProcessNumbers> | ProcessNumbers
  /** What pixels 0 … 255 are scaled to. */
  readonly range: readonly [number, number]
  /** Decay of the moving average of the weights. */
  readonly ema: number
  /** Steps of the authors' samplers. */
  readonly steps: number
  /** Whether α is 1 throughout. */
  readonly exploding: boolean
}

const zeroToOne = [0, 1] as const
const centred = [-1, 1] as const

/** Song et al. 2021, appendices C and H, and the published tutorial. */
const processes: Readonly<Record<string, ProcessChoice>> = {
  ve: {
    make: ve,
    numbers: { sigmaMin: 0.01, sigmaMax: 50 },
    range: zeroToOne,
    ema: 0.999,
    steps: 1000,
    exploding: true,
  },
  vp: {
    make: vp,
    numbers: { betaMin: 0.1, betaMax: 20 },
    range: centred,
    ema: 0.9999,
    steps: 1000,
    exploding: false,
  },
  subvp: {
    make: subVp,
    numbers: { betaMin: 0.1, betaMax: 20 },
    range: centred,
    ema: 0.9999,
    steps: 1000,
    exploding: false,
  },
  'sigma-t': {
    make: sigmaT,
    numbers: { sigma: 25 },
    range: zeroToOne,
    ema: 0.999,
    steps: 500,
    exploding: true,
  },
}

/** Names of processes. */
export const processNames = Object.keys(processes)

/** The process of a name. */
export function processChoice(name: string): ProcessChoice {
  return choose('--sde', processes, name)
}

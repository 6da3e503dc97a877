import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gaussian, networkOf } from '@sgm/score'
import { afterAll } from 'vitest'
import { type RunTrainOptions, runTrain } from './commands/train'
import type { RunConfig } from './config'
import type { Model } from './model'
import { modelOf } from './model'

/** A folder that goes away after the file's tests. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sgm-cli-'))
  afterAll(() => rm(folder, { recursive: true }))
  return folder
}

/** Options of a run that takes a moment: digits of 8×8 and a small network. */
export const tiny = {
  data: 'glyphs:8',
  net: 'mlp',
  width: 16,
  batch: 16,
  steps: 6,
  evalEvery: 0,
  logEvery: 1,
  threads: 1,
} as const

/** Trains a tiny run in a folder. */
export const trainTiny = (out: string, more: Partial<RunTrainOptions> = {}) =>
  runTrain({ ...tiny, out, ...more })

/** A configuration for data of a shape, and the exact model of N(0, variance I) in the place of a network. */
export function exactModel(
  sde: string,
  shape: readonly number[],
  variance: number,
): { config: RunConfig; model: Model } {
  const config: RunConfig = {
    format: 'sgm-run-2',
    data: 'glyphs',
    sde,
    net: 'mlp',
    predict: 'edm',
    numbers: {},
    width: 4,
    blocks: 1,
    weighting: 'balanced',
    batch: 1,
    rate: 1,
    warmUp: 0,
    decayAfter: 0,
    clip: 0,
    ema: 0,
    emaWidth: 0,
    seed: 0,
    labels: false,
    dropLabels: 0,
    flip: false,
    augment: 0,
    dropout: 0,
    dequantize: true,
    steps: 1,
    saveEvery: 1,
    keep: 1,
    evalEvery: 0,
    logEvery: 1,
    log: 'none',
    shape,
    classes: [],
    range: [-1, 1],
    versions: {},
  }
  const { process, loss } = modelOf(config)
  const mean = new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0)
  const { score } = gaussian({ mean, covariance: variance }).diffused(process)
  const rows = (x: Parameters<typeof score>[0], t: Parameters<typeof score>[1]) => score(x, t)
  return {
    config,
    model: { process, loss, network: networkOf({ parameters: {}, apply: (_, x, t) => rows(x, t) }) },
  }
}

import { type SamplerTarget, samplerPresets, trajectory } from '@sgm/samplers'
import type { Score } from '@sgm/score'
import { numbersOf } from '@sgm/sde'
import { clone, concat, dispose, foldIn, key, type Tensor, tidy } from '@sgm/tensor'
import { expected } from '@sgm/tensor/check'
import type { RunConfig } from './config'
import type { Context } from './context'
import type { Model } from './model'
import { choose, inOwnWords, offered } from './settings/names'
import { flagOf } from './settings/setting'

/** How samples are drawn: options of every command that draws. */
export interface Sampling {
  /** Name of a sampler; `sgm samplers` lists them. @default the process's own */
  readonly sampler?: string
  /** @default what the sampler declares, else what the process was published with */
  readonly steps?: number
  /** Sample i depends on (seed, i) only. @default 0 */
  readonly seed?: number
  /** Numbers of the sampler, such as `{ snr: 0.2 }` of `pc`. @default the sampler's own */
  readonly numbers?: Readonly<Record<string, number>>
}

/** What is drawn, and from what. */
export interface Drawing extends Sampling {
  readonly count: number
  /** The score of samples `start` … `start + count − 1`. */
  readonly score: (start: number, count: number) => Score
  /** Wraps the samplers of those samples. */
  readonly wrap?: (start: number, count: number) => SamplerTarget['wrap']
  /** Whether a measurement corrects every step. @default false */
  readonly restores?: boolean
  /** Sees the states on the way of the first block of samples, this many of them. */
  readonly frames?: { readonly count: number; add(x: Tensor, t: number): Promise<void> }
}

/** What was drawn. */
export interface Drawn {
  /** `[count, ...shape]`, the caller's to free. */
  readonly x: Tensor
  /** Score evaluations of a sample. */
  readonly evaluations: number
}

/** Images, or points, drawn at a time: fixed, so that a sample depends on the seed and its number alone. */
const [IMAGES, POINTS] = [64, 4096]

/** The samplers that take a number. */
const takers = (number: string): string =>
  Object.entries(samplerPresets)
    .filter(([, { numbers }]) => Object.hasOwn(numbers, number))
    .map(([name]) => name)
    .join(' or ')

/** Draws samples block by block. */
export async function drawSamples(
  config: RunConfig,
  model: Model,
  {
    count,
    score,
    wrap,
    restores = false,
    frames,
    seed = 0,
    sampler: wantedName,
    steps: wanted,
    numbers = {},
  }: Drawing,
  { signal, report }: Context,
): Promise<Drawn> {
  if (!Number.isInteger(count) || count < 1) throw expected('sgm', '-n to be an integer >= 1', count)
  const { process } = model
  const { steps: published, sampler: usual, restoring = usual } = choose('sde', offered.sde, config.sde)
  const name = wantedName ?? (restores ? restoring : usual)
  const preset = choose('sampler', samplerPresets, name)
  const other = Object.keys(numbers).find((number) => !Object.hasOwn(preset.numbers, number))
  if (other !== undefined) {
    const own = Object.keys(preset.numbers).map(flagOf).join(' and ') || 'no number'
    throw expected('sgm', `--sampler ${takers(other)} with ${flagOf(other)}`, `${name}, which takes ${own}`)
  }
  const values = inOwnWords(Object.keys(preset.numbers), `--sampler ${name}`, () =>
    numbersOf('sgm', preset.numbers, numbers),
  )
  const parts: Tensor[] = []
  const block = config.shape.length > 1 ? IMAGES : POINTS
  const blocks = Math.ceil(count / block)
  let evaluations = 0
  try {
    for (let start = 0; start < count; start += block) {
      const size = Math.min(block, count - start)
      const made = inOwnWords([], `--sampler ${name} and --sde ${config.sde}`, () =>
        preset.make(values, {
          process,
          dims: config.shape.reduce((a, b) => a * b, 1),
          wrap: wrap?.(start, size) ?? ((sampler) => sampler),
        }),
      )
      const { sampler } = made
      const own = made.steps ?? sampler.defaults?.steps
      const filming = start === 0 ? frames : undefined
      const steps = wanted ?? (filming && own === 1 ? filming.count : (own ?? published))
      if (start === 0) report?.('sampling', 0, blocks * steps)
      const shown = filming && framesOf(steps, filming.count)
      const run = trajectory({ process, score: score(start, size) }, sampler, {
        key: foldIn(key(seed), start / block),
        shape: [size, ...config.shape],
        steps,
        ...(signal && { signal }),
        onProgress: ({ index, evaluations }) =>
          report?.('sampling', (start / block) * steps + index, blocks * steps, `${evaluations} evaluations`),
      })
      for await (const point of run) {
        if (shown?.has(point.index)) await filming!.add(point.x, point.t)
        if (point.index < steps) continue
        parts.push(clone(point.x))
        evaluations = point.evaluations
      }
    }
    return { x: parts.length === 1 ? clone(parts[0]!) : tidy(() => concat(parts, 0)), evaluations }
  } finally {
    dispose(parts)
  }
}

/** Numbers of the steps to show, the first and the last among them. */
function framesOf(steps: number, count: number): ReadonlySet<number> {
  const shown = Math.min(count, steps + 1)
  return new Set(Array.from({ length: shown }, (_, i) => Math.round((i * steps) / Math.max(1, shown - 1))))
}

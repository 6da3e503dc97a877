import { dataPrediction, parametrisation } from '@sgm/score'
import { type LinearSDE, linearSde } from '@sgm/sde'
import { add, alignRows, div, floor, mul, sub, tidy } from '@sgm/tensor'
import { checkFinite, checkFunctions, checkIntegers, expected, optionsOf } from '@sgm/tensor/check'
import type { Family } from './family'
import { linspace, respaced } from './respace'
import type { Settings } from './settings'

/** What a run over a flow is told beside the configuration: options of `fromScheduler`. */
export interface FlowOptions {
  /** The shift μ, where the configuration shifts dynamically. @default that of `imageTokens` */
  readonly mu?: number
  /** Tokens of the image that the model sees, from which pipelines have μ: for Flux (height/16)·(width/16) of pixels. */
  readonly imageTokens?: number
  /** Noise levels before the shift, steps → levels in (0, 1], falling. Pipelines of Flux and others give 1 … 1/steps. @default the scheduler's own */
  readonly levels?: (steps: number) => readonly number[]
}

/** α left at the end, so that the score, with its float32, still knows what data are behind pure noise. */
const leftover = 2 ** -12

/**
 * Flow matching, α = 1 − t and σ = t. Of schedulers that start at pure noise, α = 1 − (1 − 2⁻¹²) t: steps of Euler and of Heun are the
 * same over either.
 */
function straightPath(fromNoise: boolean): LinearSDE {
  const fall = fromNoise ? 1 - leftover : 1
  return linearSde({
    name: 'fromScheduler',
    interval: [0, fromNoise ? 1 : 1 - leftover / 2],
    priorSigma: 1,
    drift: (t) => -fall / (1 - fall * t),
    diffusion: (t) => Math.sqrt((2 * t) / (1 - fall * t)),
    marginal: (m, t) => ({ alpha: m.sub(1, m.mul(t, fall)), sigma: m.mul(t, 1) }),
  })
}

/** The flow u = ε − x₀: x₀ = x − tu. */
const flow = /* @__PURE__ */ parametrisation({
  toScore: (f, process) => (x, t) =>
    tidy(() => dataPrediction.toScore(() => sub(x, mul(alignRows(t, x), f(x, t))), process)(x, t)),
  fromScore: (score, process) => (x, t) =>
    tidy(() => div(sub(x, dataPrediction.fromScore(score, process)(x, t)), alignRows(t, x))),
})

/** A class of diffusers made for flow matching. */
export function flowFamily(settings: Settings, options: FlowOptions): Family {
  const { num_train_timesteps: total, use_dynamic_shifting: dynamic } = settings
  const shift = shiftOf(settings, settings.shift, options)
  // without dynamic shifting diffusers takes the ends of the levels from shifted ones, and shifts again
  const end = dynamic ? 1 / total : shifted(1 / total, shift)
  const own = (steps: number): number[] => linspace(1, end, steps)
  return {
    process: straightPath(true),
    prediction: flow,
    timestep: (t) => mul(t, total),
    times: (steps) => {
      const even = stretched(
        settings,
        levelsOf(options, own, steps).map((level) => shifted(level, shift)),
      )
      return [...(respaced(settings, [even[0]!, even.at(-1)!], steps) ?? even), 0]
    },
  }
}

/** A class of diffusers made for tables that is told to use a flow's levels. */
export function flowOfTable(settings: Settings, options: FlowOptions, repeats = false): Family {
  const { num_train_timesteps: total, name } = settings
  const shift = shiftOf(settings, settings.flow_shift, options)
  const process = straightPath(false)
  const own = (steps: number): number[] => {
    const alphas = linspace(1, 1 / total, steps + 1)
    if (name === 'UniPCMultistepScheduler') return alphas.slice(0, -1)
    return alphas
      .map((alpha) => 1 - alpha)
      .reverse()
      .slice(0, -1)
  }
  return {
    process,
    prediction: flow,
    // diffusers hands integers over
    timestep: (t) => tidy(() => floor(add(mul(t, total), 2 ** -13))),
    times: (steps) => {
      if (respaced(settings, [1, 1], 1))
        throw expected('fromScheduler', 'flow sigmas without Karras, exponential or beta', name)
      const even = stretched(
        settings,
        levelsOf(options, own, steps).map((level) => shifted(level, shift)),
      )
      const levels = even.map((level) => Math.min(level, process.interval[1]))
      const last = repeats || settings.final_sigmas_type === 'sigma_min' ? levels.at(-1)! : 0
      return [...levels, last]
    },
  }
}

/** @throws RangeError when an option is out of its range. TypeError when `levels` is no function. */
export function checkFlowOptions(options: FlowOptions): void {
  const { mu, imageTokens, levels } = optionsOf('fromScheduler', options, {
    mu: true,
    imageTokens: true,
    levels: true,
  })
  if (mu !== undefined) checkFinite('fromScheduler', { mu })
  if (imageTokens !== undefined) checkIntegers('fromScheduler', { imageTokens })
  if (levels !== undefined) checkFunctions('fromScheduler', { levels })
}

function levelsOf(
  { levels }: FlowOptions,
  own: (steps: number) => number[],
  steps: number,
): readonly number[] {
  const chosen = levels ? levels(steps) : own(steps)
  const falls = (level: number, i: number) => level > 0 && level <= 1 && (i === 0 || level < chosen[i - 1]!)
  if (chosen.length !== steps || !chosen.every(falls)) {
    throw expected('fromScheduler', `levels to give ${steps} numbers that fall in (0, 1]`, [...chosen])
  }
  return chosen
}

function shiftOf(settings: Settings, fixed: number, { mu, imageTokens }: FlowOptions): number {
  if (!settings.use_dynamic_shifting) return fixed
  const { base_shift, max_shift, base_image_seq_len, max_image_seq_len } = settings
  if (mu === undefined && imageTokens === undefined) {
    throw expected('fromScheduler', 'options.mu or options.imageTokens for a dynamic shift', 'neither')
  }
  const slope = (max_shift - base_shift) / (max_image_seq_len - base_image_seq_len)
  const by = mu ?? base_shift + slope * (imageTokens! - base_image_seq_len)
  return settings.time_shift_type === 'exponential' ? Math.exp(by) : by
}

/** The level of a larger image that looks as noisy: Esser et al. 2024, "Scaling rectified flow transformers", equation 23. */
function shifted(level: number, shift: number): number {
  return (shift * level) / (1 + (shift - 1) * level)
}

/** Stretches levels so that the last is the configured one. */
function stretched({ shift_terminal: terminal }: Settings, levels: readonly number[]): number[] {
  if (!terminal) return [...levels]
  const scale = (1 - levels.at(-1)!) / (1 - terminal)
  return levels.map((level) => 1 - (1 - level) / scale)
}

import { dataPrediction, noisePrediction, velocityPrediction } from '@sgm/score'
import { halfLogSnr, type LinearSDE, tabulatedVp, timeOfHalfLogSnr } from '@sgm/sde'
import { clip, div, floor, log, mul, round, sub, type Tensor, tidy } from '@sgm/tensor'
import { expected } from '@sgm/tensor/check'
import { alphasCumprodOf } from './betas'
import type { Family } from './family'
import { linspace, respaced } from './respace'
import type { Settings } from './settings'

/** How a class of diffusers goes through a table. */
export interface TableStyle {
  /** Whether timesteps are as many and one more, the last left out. @default false */
  readonly extra?: boolean
  /** Whether evenly spaced timesteps keep their fractions. @default false */
  readonly fractions?: boolean
  /** Whether Karras sigmas and the like stay between the ends of the run, not of the table. @default false */
  readonly within?: boolean
  /** Whether noise at the start has the deviation of its level, unless timesteps are `leading`. @default false */
  readonly scaledStart?: boolean
  /** Whether the model is told whole steps: those of Karras sigmas are rounded, of others cut. @default false */
  readonly whole?: boolean
  /** Whether Karras sigmas over a cosine table have their steps cut too. @default false */
  readonly cutsCosine?: boolean
  /** What becomes of an ᾱ of 0. @default 'replaced' */
  readonly zero?: 'replaced' | 'kept'
  /** How the run ends: at the level of a step that comes before all, at none, or as the configuration says. @default 'zero' */
  readonly last?: 'first step' | 'zero' | 'configured' | 'repeated'
}

const predictions = {
  epsilon: noisePrediction,
  v_prediction: velocityPrediction,
  sample: dataPrediction,
} as const

/** A discrete diffusion: time t is the step and one more, so that 0 is the data. */
export function tableFamily(settings: Settings, style: TableStyle): Family {
  const alphasCumprod = alphasCumprodOf(settings, style.zero)
  const unscaled = tabulatedVp({ alphasCumprod })
  const highest = settings.sigma_max ?? rho(unscaled, alphasCumprod.length)
  const scaled = style.scaledStart && settings.timestep_spacing !== 'leading'
  const process = scaled
    ? tabulatedVp({ alphasCumprod, priorSigma: highest / Math.hypot(highest, 1) })
    : unscaled
  const [most, least] = [rho(process, alphasCumprod.length), 0]
  for (const [key, level] of Object.entries({
    sigma_max: settings.sigma_max,
    sigma_min: settings.sigma_min,
  })) {
    if (level !== undefined && !(level > least && level <= most)) {
      throw expected('fromScheduler', `${key} in (0, ${most}], the levels of the table`, level)
    }
  }
  return {
    process,
    prediction: predictions[settings.prediction_type as keyof typeof predictions],
    timestep: timestepOf(settings, style, process),
    times: (steps) => timesOf(settings, style, process, steps),
  }
}

function rho(process: LinearSDE, t: number): number {
  return Math.exp(-halfLogSnr(process, t))
}

function timestepOf(settings: Settings, style: TableStyle, process: LinearSDE): (t: Tensor) => Tensor {
  if (settings.timestep_type === 'continuous' && settings.prediction_type === 'v_prediction') {
    return (t) =>
      tidy(() => {
        const { alpha, sigma } = process.marginalAt(t)
        return mul(log(div(sigma, alpha)), 0.25)
      })
  }
  const last = process.interval[1] - 1
  const rounds = settings.use_karras_sigmas || settings.use_lu_lambdas
  const cut = !rounds || (style.cutsCosine && settings.beta_schedule === 'squaredcos_cap_v2')
  const steps = (t: Tensor): Tensor => clip(sub(t, 1), 0, last)
  if (!style.whole) return (t) => tidy(() => steps(t))
  return (t) => tidy(() => (cut ? floor(steps(t)) : round(steps(t))))
}

/** Process times of the levels of a run, and of where it ends. */
function timesOf(settings: Settings, style: TableStyle, process: LinearSDE, steps: number): number[] {
  const spaced = timestepsOf(settings, style, process, steps)
  const total = process.interval[1]
  if (spaced.some((step) => step < 0 || step > total - 1)) {
    throw expected(
      'fromScheduler',
      `steps and steps_offset that keep timesteps in [0, ${total - 1}]`,
      spaced[0],
    )
  }
  const level = (step: number): number => interpolated(process, step)
  const ends = style.within ? [level(spaced[0]!), level(spaced.at(-1)!)] : [level(total - 1), level(0)]
  const levels = respaced(settings, ends as [number, number], steps)
  const times = levels
    ? levels.map((sigma) => timeOf(process, sigma))
    : spaced.map((step) => (Number.isInteger(step) ? step + 1 : timeOf(process, level(step))))
  return [...times, lastOf(settings, style, times, levels !== undefined)]
}

function lastOf(
  settings: Settings,
  { last = 'zero' }: TableStyle,
  times: readonly number[],
  levels: boolean,
): number {
  if (last === 'first step') return 1
  if (last === 'repeated') return levels ? times.at(-1)! : 1
  if (last === 'configured') return settings.final_sigmas_type === 'zero' ? 0 : 1
  return 0
}

/** σ/α at a step, linear between whole ones. */
function interpolated(process: LinearSDE, step: number): number {
  const below = Math.floor(step)
  const at = rho(process, below + 1)
  return below === step ? at : at + (step - below) * (rho(process, below + 2) - at)
}

function timeOf(process: LinearSDE, sigma: number): number {
  const lowest = halfLogSnr(process, process.interval[1])
  const t = timeOfHalfLogSnr(process, Math.max(-Math.log(sigma), lowest))
  const whole = Math.round(t)
  return Math.abs(t - whole) < 1e-9 ? whole : t
}

/** Timesteps that fall, by the spacing of the configuration. */
function timestepsOf(settings: Settings, style: TableStyle, process: LinearSDE, steps: number): number[] {
  const { timestep_spacing: spacing, steps_offset: offset } = settings
  const total = process.interval[1]
  if (steps > total) throw expected('fromScheduler', `at most ${total} steps`, steps)
  // steps whose λ is below the configured one are left out
  const { lambda_min_clipped: lowest } = settings
  let last = total
  while (last > 1 && halfLogSnr(process, last) < lowest) last--
  if (spacing === 'linspace') {
    const even = linspace(last - 1, 0, style.extra ? steps + 1 : steps).slice(0, steps)
    return style.fractions ? even : even.map(roundHalfEven)
  }
  if (spacing === 'leading') {
    const ratio = Math.floor(last / (style.extra ? steps + 1 : steps))
    const first = style.extra ? 1 : 0
    return Array.from({ length: steps }, (_, i) => (steps - 1 - i + first) * ratio + offset)
  }
  return Array.from({ length: steps }, (_, i) => roundHalfEven(last - (i * total) / steps) - 1)
}

/** As NumPy rounds. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value)
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

import type { Parametrisation, Score, ScoreFunction } from '@sgm/score'
import { type LinearSDE, spanOf, type TimeGrid } from '@sgm/sde'
import type { Tensor } from '@sgm/tensor'
import {
  checkFinite,
  checkHalfOpen,
  checkIntegers,
  checkTensors,
  expected,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'
import type { Sampler } from '../types'
import { schedulers } from './classes'
import { checkFlowOptions, type FlowOptions } from './flow'
import { learnedRange } from './learned-range'
import { limitOf } from './limit'
import { scoreOf } from './score-of'
import { type SchedulerConfig, settingsOf } from './settings'

/** Options of {@link fromScheduler}: what a flow's shift depends on beside the configuration. */
export type FromSchedulerOptions = FlowOptions

/** Options of a schedule's sampler. */
export interface ScheduleSamplerOptions {
  /** Share of the ancestral noise, in [0, 1]; of DDIM alone. @default 0 */
  readonly eta?: number
}

/** What a scheduler of diffusers says, for the samplers here. */
export interface Schedule {
  /** The process that the model was trained over; its grid is {@link grid}. */
  readonly process: LinearSDE
  /** What the model's output stands for. */
  readonly prediction: Parametrisation
  /** The scheduler's own times; they end at no noise where it says so. Of a span it takes the steps alone. */
  readonly grid: TimeGrid
  /** What the model is told of the time: times of the process `[B]` → timesteps `[B]`, float32. */
  timestep(t: Tensor): Tensor
  /**
   * The score that a model stands for, with the clipping or thresholding that the configuration asks for.
   *
   * @param model x `[B, ...D]`, timestep `[B]` → its prediction `[B, ...D]`; with a learned variance twice as long in the last axis. Frees
   * what it makes.
   */
  score(model: ScoreFunction): ScoreFunction
  /** The same of an asynchronous model; asynchronous too for thresholding and for a learned variance. */
  score(model: Score): Score
  /** Whether the scheduler has a counterpart here. */
  readonly counterpart: boolean
  /**
   * The counterpart of the scheduler, over its own grid: same model, same noise, same samples.
   *
   * @throws RangeError where there is none here, or `eta` is out of its range.
   */
  sampler(options?: ScheduleSamplerOptions): Sampler
}

/**
 * Reads a `scheduler_config.json` of diffusers: the process that its model was trained over, what the model predicts, the times of its runs
 * and its counterpart among the samplers here. Any other sampler goes over the same process and score.
 *
 * A table of β is a variance-preserving process, `tabulatedVp` of `@sgm/sde`: time 0 is the data, time i + 1 the step i. Schedulers that scale the
 * model's input by 1/√(σ² + 1) have their samples in that scale here. EDM's time is σ, that of flow matching too, with α = 1 − σ.
 *
 * @throws RangeError when the configuration names a class, a key or a value that is not known or would come out otherwise here, or a
 * dynamic shift lacks its option. TypeError when a value has another type.
 * @param config What JSON.parse makes of the file.
 * @example
 * const schedule = fromScheduler({
 *   _class_name: 'EulerDiscreteScheduler',
 *   beta_start: 0.00085,
 *   beta_end: 0.012,
 *   beta_schedule: 'scaled_linear',
 * })
 * const { process } = schedule
 * const score = schedule.score((x, timestep) => mul(x, 0.5))
 * const run = { key: key(0), shape: [4, 2] }
 * const euler = await sample({ process, score }, schedule.sampler(), {
 *   ...run,
 *   steps: 20,
 * })
 * const faster = await sample({ process, score }, uniPc(), {
 *   ...run,
 *   steps: 10,
 * })
 */
export function fromScheduler(config: SchedulerConfig, options: FromSchedulerOptions = {}): Schedule {
  const settings = settingsOf(config, schedulers)
  checkFlowOptions(options)
  const { family: familyOf, solver, instead, limitsData = false } = schedulers[settings.name]!
  const family = familyOf(settings, options)
  const limit = limitOf(settings)
  const learned = learnedRange()
  const learns = settings.variance_type === 'learned_range'
  const grid: TimeGrid = (process, span) => {
    const whole = spanOf(process)
    const { steps, start = whole.start, end = whole.end } = objectOf('fromScheduler', span, 'a number of steps') // biome-ignore format: defaults
    checkIntegers('fromScheduler', { steps })
    checkFinite('fromScheduler', { start, end })
    if (start !== whole.start || end !== whole.end) {
      throw expected('fromScheduler', 'a run over the whole grid; a part of its times, as times, starts or ends elsewhere', `${start} to ${end}`) // biome-ignore format: message
    }
    return family.times(steps)
  }
  const process = { ...family.process, grid }
  const other = instead?.(settings)
  return {
    process,
    prediction: family.prediction,
    grid,
    timestep: (t) => {
      checkTensors('fromScheduler', { t })
      return family.timestep(t)
    },
    score: scoreOf(family, { limit: limitsData ? undefined : limit, learned: learns ? learned : undefined }),
    counterpart: other === undefined,
    sampler: (given = {}) => {
      const { eta = 0 } = optionsOf('fromScheduler', given, { eta: true })
      checkHalfOpen('fromScheduler', { eta }, 0, 1 + Number.EPSILON)
      if (!solver || other !== undefined) {
        throw expected('fromScheduler', `a scheduler with a counterpart here (${other})`, settings.name)
      }
      const sampler = solver({ settings, eta, limit, learned: learned.at })
      const denoise = settings.name === 'DDPMScheduler' ? 'mean' : 'none'
      return { ...sampler, defaults: { ...sampler.defaults, grid, denoise } }
    },
  }
}

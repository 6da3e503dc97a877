import type { Tensor } from '@sgm/tensor'
import { expected } from '@sgm/tensor/check'
import { ancestral } from '../samplers/ancestral'
import { ddim } from '../samplers/ddim'
import { deis } from '../samplers/deis'
import { dpmSolver } from '../samplers/dpm-solver'
import { dpmSolverPlusPlus } from '../samplers/dpm-solver-plus-plus'
import { edmHeun } from '../samplers/edm-heun'
import { odeHeun } from '../samplers/ode-heun'
import { uniPc } from '../samplers/uni-pc'
import type { Sampler } from '../types'
import { edmFamily } from './edm'
import type { Family } from './family'
import { type FlowOptions, flowFamily, flowOfTable } from './flow'
import type { Limit } from './limit'
import type { SchedulerClass, Settings } from './settings'
import { type TableStyle, tableFamily } from './table'

/** What the counterpart of a scheduler is made with. */
export interface SolverContext {
  readonly settings: Settings
  /** Share of the ancestral noise of DDIM. */
  readonly eta: number
  readonly limit: Limit | undefined
  /** v of a learned range, as the model gave it with its last output at x. */
  readonly learned: (x: Tensor) => Tensor
}

/** A class of diffusers: its keys, its process, and its counterpart here. */
export interface Scheduler extends SchedulerClass {
  family(settings: Settings, options: FlowOptions): Family
  solver?(context: SolverContext): Sampler
  /** What serves in place of a counterpart, where there is none here. */
  readonly instead?: (settings: Settings) => string | undefined
  /** Whether the predicted data are limited by the sampler, not in the score. @default false */
  readonly limitsData?: boolean
}

const betas = ['num_train_timesteps', 'beta_start', 'beta_end', 'beta_schedule', 'trained_betas', 'prediction_type'] as const // biome-ignore format: names
const spacing = ['timestep_spacing', 'steps_offset'] as const
const sigmas = ['use_karras_sigmas', 'use_exponential_sigmas', 'use_beta_sigmas'] as const
const clipping = ['clip_sample', 'clip_sample_range'] as const
const thresholding = ['thresholding', 'dynamic_thresholding_ratio', 'sample_max_value'] as const
const multistep = ['solver_order', 'solver_type', 'lower_order_final'] as const
const flows = ['use_flow_sigmas', 'flow_shift', 'use_dynamic_shifting', 'time_shift_type'] as const
const edmKeys = ['sigma_min', 'sigma_max', 'sigma_data', 'sigma_schedule', 'num_train_timesteps', 'prediction_type', 'rho', 'final_sigmas_type'] as const // biome-ignore format: names
const predicted = ['epsilon', 'v_prediction', 'sample', 'flow_prediction'] as const

const table =
  (style: TableStyle) =>
  (settings: Settings, options: FlowOptions): Family => {
    const flow = settings.prediction_type === 'flow_prediction'
    if (flow !== settings.use_flow_sigmas) {
      throw expected('fromScheduler', 'flow_prediction with use_flow_sigmas', settings.prediction_type)
    }
    return flow ? flowOfTable(settings, options, style.last === 'repeated') : tableFamily(settings, style)
  }

/** One step at a time over σ/α, as k-diffusion has it. */
const kDiffusion = { fractions: true, within: true, scaledStart: true } as const
/** The multistep solvers of diffusers. */
const solvers = { extra: true, whole: true, last: 'configured' } as const

const dpm = ({ settings }: SolverContext): Sampler => {
  const { solver_order: order, algorithm_type, solver_type, lower_order_final, final_sigmas_type } = settings
  if (settings.euler_at_final && final_sigmas_type !== 'zero') {
    throw expected('fromScheduler', 'euler_at_final with final_sigmas_type zero', final_sigmas_type)
  }
  return dpmSolverPlusPlus({
    order,
    stochastic: algorithm_type === 'sde-dpmsolver++',
    variant: solver_type === 'heun' ? 'heun' : 'midpoint',
    lowerOrderFinal: lower_order_final && 'short',
  })
}

/** Order 3 of diffusers halves its last term, and is of order 2: ours does not. */
const dpmOnly = { algorithm_type: ['dpmsolver++', 'sde-dpmsolver++', 'deis'], solver_order: [1, 2] } as const

/** The classes of diffusers that are read. Made by a function, which bundlers leave out where no scheduler is read. */
export const schedulers: Readonly<Record<string, Scheduler>> = /* @__PURE__ */ (() => ({
  DDPMScheduler: {
    keys: [...betas, ...spacing, ...clipping, ...thresholding, 'variance_type', 'rescale_betas_zero_snr'],
    defaults: { timestep_spacing: 'leading', clip_sample: true, variance_type: 'fixed_small' },
    family: table({ zero: 'kept' }),
    solver: ({ settings: { variance_type: type }, learned }) =>
      ancestral({
        variance: type === 'learned_range' ? learned : type === 'fixed_large' ? 'transition' : 'posterior',
      }),
  },
  DDIMScheduler: {
    keys: [...betas, ...spacing, ...clipping, ...thresholding, 'set_alpha_to_one', 'rescale_betas_zero_snr'],
    defaults: { timestep_spacing: 'leading', clip_sample: true },
    family: (settings, options) =>
      table({ zero: 'kept', last: settings.set_alpha_to_one ? 'zero' : 'first step' })(settings, options),
    limitsData: true,
    solver: ({ eta, limit }) => ddim({ eta, ...(limit && { limit }) }),
  },
  PNDMScheduler: {
    keys: [...betas, ...spacing, 'set_alpha_to_one'],
    defaults: { timestep_spacing: 'leading', set_alpha_to_one: false },
    family: (settings, options) =>
      table({ zero: 'kept', last: settings.set_alpha_to_one ? 'zero' : 'first step' })(settings, options),
    instead: () => 'dpmSolverPlusPlus() or deis() over the same process',
  },
  EulerDiscreteScheduler: {
    keys: [...betas, ...spacing, ...sigmas, 'interpolation_type', 'sigma_min', 'sigma_max', 'timestep_type', 'rescale_betas_zero_snr', 'final_sigmas_type'], // biome-ignore format: names
    family: table({ ...kDiffusion, last: 'configured' }),
    solver: () => ddim(),
  },
  EulerAncestralDiscreteScheduler: {
    keys: [...betas, ...spacing, 'rescale_betas_zero_snr'],
    family: table(kDiffusion),
    solver: () => ancestral(),
  },
  HeunDiscreteScheduler: {
    keys: [...betas, ...spacing, ...sigmas, ...clipping],
    defaults: { beta_start: 0.00085, beta_end: 0.012 },
    family: table(kDiffusion),
    solver: () => edmHeun(),
  },
  KDPM2DiscreteScheduler: {
    keys: [...betas, ...spacing, ...sigmas],
    defaults: { beta_start: 0.00085, beta_end: 0.012 },
    // diffusers rounds the steps of some of its evaluations then
    only: { use_karras_sigmas: [false] },
    family: table(kDiffusion),
    solver: () => dpmSolver({ order: 2 }),
  },
  KDPM2AncestralDiscreteScheduler: {
    keys: [...betas, ...spacing, ...sigmas],
    defaults: { beta_start: 0.00085, beta_end: 0.012 },
    family: table(kDiffusion),
    instead: () => 'ancestral() or dpmSolverPlusPlus2s() over the same process',
  },
  LMSDiscreteScheduler: {
    keys: [...betas, ...spacing, ...sigmas],
    family: table(kDiffusion),
    solver: () => deis({ order: 4, variable: 'rho' }),
  },
  DPMSolverMultistepScheduler: {
    keys: [...betas, ...spacing, ...sigmas, ...thresholding, ...multistep, ...flows, 'algorithm_type', 'euler_at_final', 'use_lu_lambdas', 'final_sigmas_type', 'lambda_min_clipped', 'variance_type', 'rescale_betas_zero_snr'], // biome-ignore format: names
    only: { ...dpmOnly, prediction_type: predicted, variance_type: ['learned_range'] },
    family: table({ ...solvers, cutsCosine: true }),
    solver: dpm,
  },
  DPMSolverSinglestepScheduler: {
    keys: [...betas, ...sigmas, ...thresholding, ...multistep, ...flows, 'algorithm_type', 'final_sigmas_type', 'lambda_min_clipped'], // biome-ignore format: names
    defaults: { lower_order_final: false },
    only: { ...dpmOnly, prediction_type: predicted },
    family: table({ ...solvers, cutsCosine: true }),
    instead: ({ solver_order: order }) =>
      order > 1 ? 'dpmSolverPlusPlus2s() over the same process' : undefined,
    solver: dpm,
  },
  UniPCMultistepScheduler: {
    keys: [...betas, ...spacing, ...sigmas, ...thresholding, ...multistep, ...flows, 'predict_x0', 'disable_corrector', 'solver_p', 'final_sigmas_type', 'rescale_betas_zero_snr', 'sigma_min', 'sigma_max', 'shift_terminal'], // biome-ignore format: names
    defaults: { solver_type: 'bh2' },
    only: { solver_order: [1, 2, 3], prediction_type: predicted },
    family: table(solvers),
    solver: ({ settings: { solver_order: order, solver_type, lower_order_final: lowerOrderFinal } }) =>
      uniPc({ order, variant: solver_type === 'bh1' ? 'linear' : 'exponential', lowerOrderFinal }),
  },
  DEISMultistepScheduler: {
    keys: [...betas, ...spacing, ...sigmas, ...thresholding, ...multistep, ...flows],
    defaults: { solver_type: 'logrho' },
    only: { solver_order: [1, 2, 3], prediction_type: predicted },
    family: table({ ...solvers, last: 'repeated' }),
    solver: ({ settings: { solver_order: order, lower_order_final } }) =>
      deis({ order, variable: 'logSnr', lowerOrderFinal: lower_order_final && 'short' }),
  },
  EDMEulerScheduler: { keys: edmKeys, family: edmFamily, solver: () => ddim() },
  EDMDPMSolverMultistepScheduler: {
    keys: [...edmKeys, ...thresholding, ...multistep, 'algorithm_type', 'euler_at_final'],
    only: { ...dpmOnly, prediction_type: ['epsilon', 'v_prediction'] },
    family: edmFamily,
    solver: dpm,
  },
  FlowMatchEulerDiscreteScheduler: {
    keys: ['num_train_timesteps', 'shift', 'use_dynamic_shifting', 'base_shift', 'max_shift', 'base_image_seq_len', 'max_image_seq_len', 'invert_sigmas', 'shift_terminal', ...sigmas, 'time_shift_type', 'stochastic_sampling'], // biome-ignore format: names
    family: flowFamily,
    solver: () => ddim(),
  },
  FlowMatchHeunDiscreteScheduler: {
    keys: ['num_train_timesteps', 'shift'],
    family: flowFamily,
    solver: () => odeHeun(),
  },
}))()

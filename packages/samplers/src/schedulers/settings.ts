import { checkIntegers, checkOneOf, expected, expectedType, objectOf } from '@sgm/tensor/check'

/** `scheduler_config.json` of diffusers. Keys that a class of diffusers has left alone are left alone here too. */
export interface SchedulerConfig {
  /** Class of the scheduler, such as `EulerDiscreteScheduler`. */
  readonly _class_name?: string
  readonly [key: string]: unknown
}

/** What configurations say, with the defaults that most classes share. */
const shared = {
  num_train_timesteps: 1000,
  beta_start: 0.0001,
  beta_end: 0.02,
  beta_schedule: 'linear',
  rescale_betas_zero_snr: false,
  prediction_type: 'epsilon',
  timestep_spacing: 'linspace',
  timestep_type: 'discrete',
  interpolation_type: 'linear',
  steps_offset: 0,
  set_alpha_to_one: true,
  variance_type: '',
  clip_sample: false,
  clip_sample_range: 1,
  thresholding: false,
  dynamic_thresholding_ratio: 0.995,
  sample_max_value: 1,
  use_karras_sigmas: false,
  use_exponential_sigmas: false,
  use_beta_sigmas: false,
  use_lu_lambdas: false,
  use_flow_sigmas: false,
  flow_shift: 1,
  final_sigmas_type: 'zero',
  lambda_min_clipped: -Infinity,
  solver_order: 2,
  algorithm_type: 'dpmsolver++',
  solver_type: 'midpoint',
  lower_order_final: true,
  euler_at_final: false,
  predict_x0: true,
  sigma_data: 0.5,
  sigma_schedule: 'karras',
  rho: 7,
  shift: 1,
  use_dynamic_shifting: false,
  time_shift_type: 'exponential',
  base_shift: 0.5,
  max_shift: 1.15,
  base_image_seq_len: 256,
  max_image_seq_len: 4096,
  invert_sigmas: false,
  stochastic_sampling: false,
}

type Shared = typeof shared
type Optional = { sigma_min: number; sigma_max: number; shift_terminal: number }

/** The settings of a scheduler, its defaults filled in. */
export type Settings = Readonly<Shared & Partial<Optional>> & {
  readonly name: string
  readonly trained_betas?: readonly number[]
}

type Key = keyof Shared | keyof Optional | 'trained_betas' | 'disable_corrector' | 'solver_p'

/** A class of diffusers: its keys, and its defaults where they differ. */
export interface SchedulerClass {
  readonly keys: readonly Key[]
  readonly defaults?: Partial<Shared & Optional>
  /** Values of keys that it takes here; others change what comes out and are refused. */
  readonly only?: { readonly [K in Key]?: readonly unknown[] }
}

const optional: readonly Key[] = ['sigma_min', 'sigma_max', 'shift_terminal', 'trained_betas', 'disable_corrector', 'solver_p'] // biome-ignore format: names

/** What classes of diffusers have beside {@link shared} and leave alone when it is another's. */
const others = ['skip_prk_steps', 'sample_max_value', 'dynamic_thresholding_ratio', 'noise_sampler_seed', 'original_inference_steps', 'timestep_scaling'] // biome-ignore format: names

const always: SchedulerClass['only'] = {
  beta_schedule: ['linear', 'scaled_linear', 'squaredcos_cap_v2', 'exp', 'sigmoid'],
  timestep_spacing: ['linspace', 'leading', 'trailing'],
  timestep_type: ['discrete', 'continuous'],
  interpolation_type: ['linear'],
  final_sigmas_type: ['zero', 'sigma_min'],
  prediction_type: ['epsilon', 'v_prediction', 'sample'],
  variance_type: ['', 'fixed_small', 'fixed_small_log', 'fixed_large', 'learned_range'],
  time_shift_type: ['exponential', 'linear'],
  solver_type: ['midpoint', 'heun', 'logrho', 'bh1', 'bh2'],
  sigma_schedule: ['karras', 'exponential'],
  predict_x0: [true],
  invert_sigmas: [false],
  stochastic_sampling: [false],
}

/** Checks a configuration and fills in the defaults of its class. */
export function settingsOf(
  config: SchedulerConfig,
  classes: Readonly<Record<string, SchedulerClass>>,
): Settings {
  const { _class_name: name } = objectOf('fromScheduler', config, 'a scheduler_config.json')
  const kind = typeof name === 'string' && Object.hasOwn(classes, name) ? classes[name] : undefined
  if (!kind) {
    throw expected('fromScheduler', `_class_name to be one of ${Object.keys(classes).join(', ')}`, name)
  }
  const settings: Record<string, unknown> = { ...shared, ...kind.defaults, name }
  for (const [key, value] of Object.entries(config)) {
    if (key.startsWith('_')) continue
    const known = Object.hasOwn(shared, key) || ([...optional, ...others] as readonly string[]).includes(key)
    if (!known) throw expected('fromScheduler', "the keys of diffusers' schedulers", key)
    if (!(kind.keys as readonly string[]).includes(key) || value === null || value === undefined) continue
    checkValue(key, value)
    const { [key as Key]: allowed } = { ...always, ...kind.only }
    if (allowed) checkOneOf(`fromScheduler: ${name}`, { [key]: value }, allowed)
    settings[key] = value
  }
  // a table has a row for each
  checkIntegers('fromScheduler', { num_train_timesteps: settings.num_train_timesteps }, 2, 2 ** 20)
  checkIntegers('fromScheduler', { steps_offset: settings.steps_offset }, 0)
  return settings as unknown as Settings
}

function checkValue(key: string, value: unknown): void {
  if (key === 'trained_betas') {
    const good = (beta: unknown) => typeof beta === 'number' && beta > 0 && beta < 1
    if (!Array.isArray(value) || value.length < 2 || !value.every(good)) {
      throw expected('fromScheduler', 'trained_betas to be two numbers or more in (0, 1)', value)
    }
  } else if (key === 'disable_corrector' || key === 'solver_p') {
    const none = Array.isArray(value) && value.length === 0
    if (!none) throw expected('fromScheduler', `no ${key}`, value)
  } else {
    const wanted = typeof (
      { ...shared, sigma_min: 0, sigma_max: 0, shift_terminal: 0 } as Record<string, unknown>
    )[key]
    if (typeof value !== wanted || Number.isNaN(value)) {
      throw expectedType('fromScheduler', `${key} to be a ${wanted}`, value)
    }
  }
}

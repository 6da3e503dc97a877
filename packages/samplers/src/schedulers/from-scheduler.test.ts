import { add, alignRows, concat, dispose, type Key, key, mul, type Shape, sin, split, type Tensor, tanh, tensor, tidy } from '@sgm/tensor' // biome-ignore format: names
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import fixture from '../../fixtures/schedulers.json'
import { sample, trajectory } from '../run'
import { ddim } from '../samplers/ddim'
import { dpmSolverPlusPlus } from '../samplers/dpm-solver-plus-plus'
import { fromScheduler } from './from-scheduler'

const { draws, runs } = fixture
type Run = (typeof runs)[number]
interface Options {
  readonly mu?: number
  readonly even?: boolean
  readonly eta?: number
}

/**
 * The model of the fixture's script, at the timesteps that the script's was given; told are those that ours is. They may differ at the first of a
 * run whose steps are cut: by diffusers' rounding it is one less now and then.
 */
const modelOf = ({ rate, config, timesteps }: Run, told: number[] = []) => {
  const learned = 'variance_type' in config && config.variance_type === 'learned_range'
  return async (x: Tensor, timestep: Tensor): Promise<Tensor> => {
    const given = timesteps[told.length] ?? 0
    told.push((await timestep.data())[0]!)
    return tidy(() => {
      const predicted = tanh(add(mul(x, 0.7), 0.3 * Math.cos(given * rate)))
      return learned ? concat([predicted, sin(x)], 1) : predicted
    })
  }
}

const scheduleOf = ({ name, config, options }: Run) => {
  const { mu, even } = options as Options
  return fromScheduler(
    { _class_name: name, ...config },
    {
      ...(mu !== undefined && { mu }),
      ...(even && { levels: (n: number) => Array.from({ length: n }, (_, i) => 1 - i / n) }),
    },
  )
}

/** The draws of the script, one after another. */
const recorded = () => {
  let next = 0
  return (_: Key, shape: Shape) => tensor(draws[next++] ?? draws[0]!, shape)
}

const named = runs.map((run) => [`${run.name} ${JSON.stringify(run.config)}`, run] as const)

describe('fromScheduler', () => {
  it.each(named)('samples as %s', async (_, run) => {
    const schedule = scheduleOf(run)
    const told: number[] = []
    const problem = { process: schedule.process, score: schedule.score(modelOf(run, told)) }
    const { eta = 0 } = run.options as Options
    const x = tensor(run.states[0]!, [2, 3])
    const points = trajectory(problem, schedule.sampler({ eta }), {
      key: key(0),
      x,
      steps: run.steps,
      normal: recorded(),
    })
    for await (const point of points) {
      const wanted = run.states[point.index]!
      const off = Array.from(await point.x.data(), (value, i) => Math.abs(value - wanted[i]!))
      expect(Math.max(...off), `step ${point.index}`).toBeLessThan(
        1e-4 * Math.max(1, ...wanted.map(Math.abs)),
      )
    }
    expect(told).toHaveLength(run.timesteps.length)
    for (const [i, timestep] of run.timesteps.entries()) {
      const off = Math.abs(told[i]! - timestep)
      if (!(i === 0 && off === 1)) expect(off, `timestep ${i}`).toBeLessThan(2e-4 * Math.max(1, timestep))
    }
    x.dispose()
  })

  it('has any other sampler go over the process and the score, of a synchronous model too', async () => {
    const config = {
      _class_name: 'PNDMScheduler',
      beta_start: 0.00085,
      beta_end: 0.012,
      beta_schedule: 'scaled_linear',
    }
    const { process, score: scoreOf, grid } = fromScheduler(config)
    // the exact noise of data N(0, 1): σx, whose samples keep their variance
    const noise = (x: Tensor, timestep: Tensor): Tensor =>
      tidy(() => mul(x, alignRows(process.marginalAt(add(timestep, 1)).sigma, x)))
    const score = scoreOf(noise)
    const run = { key: key(3), shape: [2000, 2], steps: 100 }
    const x = await expectNoLeaks(() => sample({ process, score }, dpmSolverPlusPlus(), run))
    const start = process.prior.sample(split(key(3))[0], [2000, 2])
    const [got, wanted] = [await x.data(), await start.data()]
    // x_s = √(P_s/P_t) x_t with P = 1 throughout
    for (const [i, value] of wanted.entries()) {
      expect(Math.abs(got[i]! - value)).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)))
    }
    expect(score(x, tensor([3], [1]))).toHaveProperty('shape')
    dispose([x, start])
    expect(grid(process, { steps: 4 })).toEqual([751, 501, 251, 1, 1])
  })

  it('says whether it has a counterpart', () => {
    expect(fromScheduler({ _class_name: 'DDIMScheduler' }).counterpart).toBe(true)
    const none = fromScheduler({ _class_name: 'PNDMScheduler' })
    expect(none.counterpart).toBe(false)
    expect(() => none.sampler()).toThrow(
      'fromScheduler: expected a scheduler with a counterpart here (dpmSolverPlusPlus() or deis() over the same process), got PNDMScheduler',
    )
    const singlestep = (solver_order: number) =>
      fromScheduler({ _class_name: 'DPMSolverSinglestepScheduler', solver_order }).counterpart
    expect([singlestep(1), singlestep(2)]).toEqual([true, false])
  })

  it('starts where its grid does, at the prior', async () => {
    const { process, score, sampler, grid } = fromScheduler({
      _class_name: 'DDIMScheduler',
      clip_sample: false,
    })
    const run = { key: key(0), shape: [1, 2], steps: 5 }
    const problem = { process, score: score((x) => mul(x, 0.5)) }
    const [own, given] = [await sample(problem, sampler(), run), await sample(problem, ddim(), { ...run, times: grid, denoise: 'none' })] // biome-ignore format: pair
    expect(await own.data()).toEqual(await given.data())
    dispose([own, given])
    expect(() => grid(process, { steps: 5, start: 500 })).toThrow(
      'fromScheduler: expected a run over the whole grid',
    )
  })

  it('frees what a score makes, with thresholding and a learned variance too', async () => {
    const config = {
      _class_name: 'DDPMScheduler',
      thresholding: true,
      variance_type: 'learned_range',
      clip_sample: false,
    }
    const score = fromScheduler(config).score((x) => concat([x, sin(x)], 1))
    const x = tensor([[1, -2, 3]])
    const t = tensor([400])
    dispose(await expectNoLeaks(async () => score(x, t)))
    await expect((async () => fromScheduler(config).score((y) => mul(y, 1))(x, t))()).rejects.toThrow(
      'fromScheduler: expected a prediction and a variance, 6 in the last axis, got [1, 3]',
    )
  })

  it.each([
    [{}, /_class_name to be one of DDPMScheduler, .*, got undefined/],
    [{ _class_name: 'LCMScheduler' }, /_class_name to be one of .*, got LCMScheduler/],
    [{ _class_name: 'DDIMScheduler', beta_strat: 0.1 }, /the keys of diffusers' schedulers, got beta_strat/],
    [{ _class_name: 'DDIMScheduler', beta_start: '0.1' }, /beta_start to be a number/],
    [{ _class_name: 'DDIMScheduler', beta_schedule: 'laplace' }, /beta_schedule/],
    [
      { _class_name: 'DDIMScheduler', trained_betas: [0.1, 2] },
      /trained_betas to be two numbers or more in \(0, 1\)/,
    ],
    [{ _class_name: 'DDPMScheduler', variance_type: 'learned' }, /variance_type/],
    [{ _class_name: 'EulerDiscreteScheduler', interpolation_type: 'log_linear' }, /interpolation_type/],
    [{ _class_name: 'EulerDiscreteScheduler', sigma_max: 1000 }, /sigma_max in \(0, 157/],
    [{ _class_name: 'KDPM2DiscreteScheduler', use_karras_sigmas: true }, /use_karras_sigmas/],
    [{ _class_name: 'DPMSolverMultistepScheduler', solver_order: 3 }, /solver_order/],
    [{ _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'dpmsolver' }, /algorithm_type/],
    [{ _class_name: 'DPMSolverMultistepScheduler', use_flow_sigmas: true }, /flow_prediction with use_flow_sigmas, got epsilon/], // biome-ignore format: case
    [{ _class_name: 'UniPCMultistepScheduler', disable_corrector: [0] }, /no disable_corrector/],
    [{ _class_name: 'FlowMatchEulerDiscreteScheduler', use_dynamic_shifting: true }, /options.mu or options.imageTokens/], // biome-ignore format: case
    [{ _class_name: 'FlowMatchEulerDiscreteScheduler', stochastic_sampling: true }, /stochastic_sampling/],
  ])('refuses %o', (config, message) => {
    expect(() => fromScheduler(config)).toThrow(message)
    expect(() => fromScheduler(config)).toThrow(/^fromScheduler: /)
  })

  it('says of which schedulers there is no counterpart', () => {
    for (const config of [
      { _class_name: 'PNDMScheduler' },
      { _class_name: 'DPMSolverSinglestepScheduler' },
      { _class_name: 'KDPM2AncestralDiscreteScheduler' },
    ]) {
      const { sampler } = fromScheduler(config)
      expect(() => sampler()).toThrow(/^fromScheduler: expected a scheduler with a counterpart here/)
    }
  })

  it('leaves alone what the class of diffusers does', () => {
    const config = { _class_name: 'EulerDiscreteScheduler', skip_prk_steps: true, set_alpha_to_one: false, clip_sample: true } // biome-ignore format: config
    const { process, grid } = fromScheduler(config)
    expect(grid(process, { steps: 2 })).toEqual([1000, 1, 0])
  })

  it('finds the shift of a flow from the tokens of its image, as pipelines do', () => {
    const config = { _class_name: 'FlowMatchEulerDiscreteScheduler', use_dynamic_shifting: true }
    const [times, wanted] = [{ imageTokens: 1024 }, { mu: 0.5 + (0.65 * 768) / 3840 }].map((options) => {
      const { process, grid } = fromScheduler(config, options)
      return grid(process, { steps: 4 })
    })
    expect(times).toEqual(wanted)
  })
})

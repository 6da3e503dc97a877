import { checkLinearSde } from '@sgm/sde'
import { key, type Tensor } from '@sgm/tensor'
import { checkFloats, checkLongCall, objectOf, optionsOf } from '@sgm/tensor/check'
import { type RunOptions, sample } from '../run'
import { odeRk45 } from '../samplers/ode-rk45'
import type { Problem, Sampler } from '../types'

/** Options of {@link encode} and {@link decode}. */
export interface EncodeOptions extends Pick<RunOptions, 'steps' | 'compile' | 'signal' | 'onProgress'> {
  /** A deterministic sampler that goes both ways. @default `odeRk45()` */
  readonly sampler?: Sampler
  /** Time of the data. @default `process.cutOffs.likelihood` */
  readonly time?: number
}

/**
 * Takes data to their codes, along the probability-flow ODE from the data's time to the end of the process.
 * Codes of data are distributed as the prior, and depend on the data's law and the process alone, not on the
 * model that learned it (Song et al. 2021, §D.5).
 *
 * @param problem The process and its score.
 * @param x `[B, ...D]`; not freed.
 * @returns `[B, ...D]`
 * @example
 * const process = vp()
 * const { score, sample } = gaussianMixture().diffused(process)
 * const data = sample(key(0), 8, 0)
 * const codes = await encode({ process, score }, data)
 * const back = await decode({ process, score }, codes)
 */
export function encode(problem: Problem, x: Tensor, options: EncodeOptions = {}): Promise<Tensor> {
  const { time, ...rest } = optionsOf('encode', options, {
    steps: true,
    compile: true,
    signal: true,
    onProgress: true,
    sampler: true,
    time: true,
  })
  checkLongCall('encode', options)
  const { process } = objectOf('encode', problem, 'a problem')
  checkLinearSde('encode', process)
  checkFloats('encode', { x })
  return flow(problem, x, time ?? process.cutOffs.likelihood, process.interval[1], rest)
}

/**
 * Takes codes back to data: the inverse of {@link encode} up to the solver's error.
 *
 * @param problem The process and its score.
 * @param z Codes, `[B, ...D]`; not freed.
 * @returns `[B, ...D]`
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const one = process.prior.sample(key(0), [4, 2])
 * const other = process.prior.sample(key(1), [4, 2])
 * const x = await decode({ process, score }, slerp(one, other, 0.5))
 */
export function decode(problem: Problem, z: Tensor, options: EncodeOptions = {}): Promise<Tensor> {
  const { time, ...rest } = optionsOf('decode', options, {
    steps: true,
    compile: true,
    signal: true,
    onProgress: true,
    sampler: true,
    time: true,
  })
  checkLongCall('decode', options)
  const { process } = objectOf('decode', problem, 'a problem')
  checkLinearSde('decode', process)
  checkFloats('decode', { z })
  return flow(problem, z, process.interval[1], time ?? process.cutOffs.likelihood, rest)
}

function flow(
  problem: Problem,
  x: Tensor,
  start: number,
  end: number,
  { sampler = odeRk45(), ...options }: Omit<EncodeOptions, 'time'>,
): Promise<Tensor> {
  return sample(problem, sampler, { ...options, x, start, end, key: key(0), denoise: 'none' })
}

import { add, clone, expected, foldIn, type Key, mul, normal, type Tensor, tidy } from '@sgm/tensor'
import {
  checkFloats,
  checkKeys,
  checkLists,
  checkShape,
  checkTensors,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'
import { checkItoSde, checkLinearSde } from './check-process'
import { transition } from './kernel'
import type { ItoSDE, LinearSDE } from './types'

/** Options of {@link simulate} and {@link simulateExact}. */
export interface SimulateOptions {
  /** Source of the noise: row i of the paths depends on (key, i) only. */
  readonly key: Key
  /** The times to visit, rising for a forward process and falling for a reversed one; at least one. */
  readonly times: readonly number[]
}

/**
 * The Itô form of a linear process: drift f(t) x, diffusion g(t).
 *
 * @example
 * const process = itoOf(vp())
 * process.drift(tensor([[1, 2]]), 1) // → [[-10, -20]]
 */
export function itoOf(process: LinearSDE): ItoSDE {
  checkLinearSde('itoOf', process)
  return {
    interval: process.interval,
    drift: (x, t) => {
      checkTensors('itoOf', { x })
      return mul(x, process.drift(t))
    },
    diffusion: (_, t) => process.diffusion(t),
  }
}

/**
 * Simulates an Itô process by Euler–Maruyama: x ← x + f(x, t) h + g(x, t) √|h| z. Strong order ½ (1 where g does not depend
 * on x), weak order 1.
 *
 * @param sde Any Itô process.
 * @param x0 The states at `times[0]`, `[B, ...D]`
 * @returns The states `[B, ...D]` at each of `times`, `x0`'s copy first; the caller's to dispose.
 * @throws RangeError when a time is not finite or there is none.
 * @example
 * const process = itoOf(vp())
 * const times = [0, 0.5, 1]
 * const path = simulate(process, zeros([8, 2]), { key: key(0), times })
 * path.length // → 3
 */
export function simulate(sde: ItoSDE, x0: Tensor, options: SimulateOptions): Tensor[] {
  checkItoSde('simulate', sde)
  return walk('simulate', x0, options, (x, t, s, z) => {
    const h = s - t
    const noise = mul(z, Math.sqrt(Math.abs(h)))
    const [drift, diffusion] = [sde.drift(x, t), sde.diffusion(x, t)]
    checkGiven('drift', drift, x)
    if (typeof diffusion !== 'number') checkGiven('diffusion', diffusion, x)
    return add(add(x, mul(drift, h)), mul(noise, diffusion))
  })
}

function checkGiven(name: string, given: Tensor, x: Tensor): void {
  const what = `what sde.${name} gives`
  checkFloats('simulate', { [what]: given })
  checkShape('simulate', what, given.shape, x.shape)
}

/**
 * Simulates a linear process by its exact {@link transition}s: the joint law of the states is right for any spacing of
 * the times. What `simulate` is for processes without closed form.
 *
 * @param x0 The states at `times[0]`, `[B, ...D]`
 * @returns The states `[B, ...D]` at each of `times`, `x0`'s copy first; the caller's to dispose.
 * @throws RangeError when the times do not rise.
 * @example
 * const times = [0, 0.5, 1]
 * const path = simulateExact(vp(), zeros([8, 2]), { key: key(0), times })
 * path.length // → 3
 */
export function simulateExact(process: LinearSDE, x0: Tensor, options: SimulateOptions): Tensor[] {
  checkLinearSde('simulateExact', process)
  const { times } = objectOf('simulateExact', options, 'an object of options')
  if (Array.isArray(times) && times.some((t, i) => t < times[i - 1])) {
    throw expected('simulateExact', 'times that do not fall', times)
  }
  return walk('simulateExact', x0, options, (x, t, s, z) => {
    const { alpha, sigma } = transition(process, t, s)
    return add(mul(x, alpha), mul(z, sigma))
  })
}

function walk(
  where: string,
  x0: Tensor,
  options: SimulateOptions,
  step: (x: Tensor, t: number, s: number, z: Tensor) => Tensor,
): Tensor[] {
  const { key, times } = optionsOf(where, options, { key: true, times: true })
  checkFloats(where, { x0 })
  checkKeys(where, { 'options.key': key })
  checkLists(where, { 'options.times': times })
  if (times.length === 0 || !times.every(Number.isFinite)) {
    throw expected(where, 'at least one time, all finite', [...times])
  }
  return tidy(() => {
    const path = [clone(x0)]
    for (let i = 1; i < times.length; i++) {
      const x = path[i - 1]!
      path.push(tidy(() => step(x, times[i - 1]!, times[i]!, normal(foldIn(key, i - 1), x.shape))))
    }
    return path
  })
}

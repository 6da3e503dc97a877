import { add, clone, expected, foldIn, type Key, mul, normal, type Tensor, tidy } from '@sgm/tensor'
import { checkFloats, checkKeys, checkLists, optionsOf } from '@sgm/tensor/check'
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
    drift: (x, t) => mul(x, process.drift(t)),
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
    return add(add(x, mul(sde.drift(x, t), h)), mul(noise, sde.diffusion(x, t)))
  })
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

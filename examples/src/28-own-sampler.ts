/** A sampler of one’s own: a multistep method for the probability-flow ODE, held to the exact flow. */
import { odeEuler, type Sampler, sample } from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { probabilityFlowDrift, uniformGrid, vp } from '@sgm/sde'
import { abs, add, item, key, max, mul, sub, type Tensor } from '@sgm/tensor'
import { show } from './show'

// #region sampler
/** Adams–Bashforth of order 2: x + h(3v − v₋)/2, v₋ the velocity before. */
const adamsBashforth: Sampler = {
  name: 'adamsBashforth',
  order: 2,
  evaluationsPerStep: 1,
  *step({ process, score }, { x, t, s, state }) {
    const before = state as Tensor | undefined
    const v = probabilityFlowDrift(process, x, t, yield* score(x, t))
    const slope = before ? sub(mul(v, 1.5), mul(before, 0.5)) : v
    return { x: add(x, mul(slope, s - t)), state: v }
  },
}
// #endregion

export async function main({ count = 200, steps = 80 } = {}) {
  // #region check
  const data = gaussian({ mean: [1], covariance: 0.25 })
  const process = vp()
  const problem = { process, score: data.diffused(process).score }
  const end = 0.1
  const x = process.prior.sample(key(0), [count, 1])
  const exact = data.flow(process, x, 1, end)

  async function error(sampler: Sampler, steps: number): Promise<number> {
    const options = { key: key(1), x, steps, end, times: uniformGrid() }
    const found = await sample(problem, sampler, { ...options, denoise: 'none' })
    return item(max(abs(sub(found, exact))))
  }
  // #endregion
  const [coarse, fine] = [await error(adamsBashforth, steps), await error(adamsBashforth, 2 * steps)]
  return { coarse, fine, order: Math.log2(coarse / fine), euler: await error(odeEuler(), 2 * steps) }
}

await show(import.meta.url, main)

/** Behaviour 20: the probability-flow ODE at a chosen tolerance: evaluations against quality. */
import { odeRk45, trajectory } from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { abs, item, key, max, sub } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 100, tolerances = [1e-1, 1e-3, 1e-5] } = {}) {
  // #region tolerance
  const data = gaussian({ mean: [2, 0], covariance: [0.25, 0.01] })
  const process = vp()
  const problem = { process, score: data.diffused(process).score }
  const x = process.prior.sample(key(0), [count, 2])
  const end = 1e-3
  const exact = data.flow(process, x, 1, end)

  const found: Record<string, number[]> = {}
  for (const tolerance of tolerances) {
    const name = `tolerance ${tolerance}`
    const sampler = odeRk45({ tolerance })
    const options = { key: key(1), x, end, steps: 1 }
    for await (const point of trajectory(problem, sampler, options)) {
      const error = await item(max(abs(sub(point.x, exact))))
      if (point.index === 1) found[name] = [point.evaluations, error]
    }
  }
  // #endregion
  return found
}

await show(import.meta.url, async () => ({ '': 'evaluations  error', ...(await main()) }))

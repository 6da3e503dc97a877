/** Behaviour 15: noise data by a process, and undo it by the reversed one. */
import { moments } from '@sgm/metrics'
import { gaussian } from '@sgm/score'
import { itoOf, reverseSde, simulate, uniformGrid, vp } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 4000, steps = 200 } = {}) {
  // #region reverse
  const data = gaussian({ mean: [2], covariance: 0.25 })
  const process = vp()
  const times = uniformGrid()(process, { steps, end: 0.001 })
  const forward = { key: key(1), times: times.toReversed() }
  const x = data.sample(key(0), count)
  const noised = simulate(itoOf(process), x, forward).at(-1)!

  const reversed = reverseSde(process, data.diffused(process).score)
  const back = simulate(reversed, noised, { key: key(2), times }).at(-1)!
  // #endregion
  const [there, again] = [await moments(noised), await moments(back)]
  return {
    noised: [there.mean[0]!, there.covariance[0]![0]!],
    prior: [0, process.prior.sigma ** 2],
    reversed: [again.mean[0]!, again.covariance[0]![0]!],
    data: [data.mean[0]!, data.covariance[0]![0]!],
  }
}

await show(import.meta.url, main)

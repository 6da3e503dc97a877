/** Behaviour 4: the Fisher divergence E‖∇log p − s‖² of a wrong score from the true one. */
import { fisherDivergence } from '@sgm/losses'
import { gaussian } from '@sgm/score'
import { item, key, mean, zeros } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 10_000 } = {}) {
  const p = gaussian()
  const q = gaussian({ mean: [1, 0], covariance: 2 })
  const errors = fisherDivergence(q.score, p.score, p.sample(key(0), count), zeros([count]))
  // E‖−x + (x − m)/v‖² = d(1 − 1/v)² + ‖m‖²/v²
  return { estimate: await item(mean(errors)), exact: 2 * (1 - 1 / 2) ** 2 + 1 / 2 ** 2 }
}

await show(import.meta.url, main)

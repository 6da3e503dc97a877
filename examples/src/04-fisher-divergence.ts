/** Behaviour 4: the Fisher divergence E‖∇log p − s‖² of a wrong score from the true one. */
import { fisherDivergence } from '@sgm/losses'
import { gaussian } from '@sgm/score'
import { item, key, mean, zeros } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 10_000 } = {}) {
  // #region divergence
  const p = gaussian()
  const q = gaussian({ mean: [1, 0], covariance: 2 })
  const x = p.sample(key(0), count)
  const errors = fisherDivergence(q.score, p.score, x, zeros([count]))
  const estimate = await item(mean(errors))
  // E‖−x + (x − m)/v‖² = d(1 − 1/v)² + ‖m‖²/v²
  const exact = 2 * (1 - 1 / 2) ** 2 + 1 / 2 ** 2
  // #endregion
  return { estimate, exact }
}

await show(import.meta.url, main)

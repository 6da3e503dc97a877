import type { LinearSDE } from '@sgm/sde'
import { add, alignRows, div, mul, sqrt, square, tidy } from '@sgm/tensor'
import { checkAt } from '../check-at'
import type { ScoreFunction } from '../types'

/** Standard deviation that data are taken to have, as EDM takes it. */
const SIGMA_DATA = 0.5

/**
 * The logits of a raw classifier F for any linear SDE: F(x/r, σ/r) with r = √(α²σ_d² + σ²), so that its images have unit variance
 * and its times lie in [0, 1], evenly where classes can be told, at noise levels without bound too.
 */
export function classLogits(classifier: ScoreFunction, process: LinearSDE): ScoreFunction {
  return (x, t) => {
    checkAt('classLogits', x, t)
    return tidy(() => {
      const { alpha, sigma } = process.marginalAt(t)
      const root = sqrt(add(square(mul(alpha, SIGMA_DATA)), square(sigma)))
      return classifier(div(x, alignRows(root, x)), div(sigma, root))
    })
  }
}

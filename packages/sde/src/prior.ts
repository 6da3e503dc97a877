import { add, expected, mul, normal, square, sumRows, tidy } from '@sgm/tensor'
import { checkKeys, checkPositive, checkSizes, checkTensors } from '@sgm/tensor/check'
import type { Prior } from './types'

/**
 * The Gaussian N(0, σ² I): log-density −‖x‖²/(2σ²) − (d/2) ln(2πσ²).
 *
 * @param sigma Its standard deviation, greater than 0.
 * @throws RangeError unless sigma > 0.
 * @example
 * const prior = gaussianPrior(50)
 * prior.sample(key(0), [64, 2]).shape // → [64, 2]
 */
export function gaussianPrior(sigma: number): Prior {
  checkPositive('gaussianPrior', { sigma })
  return {
    sigma,
    sample: (key, shape) => {
      checkKeys('gaussianPrior', { key })
      checkSizes('gaussianPrior', shape)
      const z = normal(key, shape)
      const x = mul(z, sigma)
      z.dispose()
      return x
    },
    logDensity: (x) => {
      checkTensors('gaussianPrior', { x })
      if (x.shape.length === 0) throw expected('gaussianPrior', 'x of shape [B, ...]', '[]')
      const dims = x.shape.slice(1).reduce((a, b) => a * b, 1)
      return tidy(() => {
        const y = mul(x, 1 / sigma)
        return add(mul(sumRows(square(y)), -0.5), -dims * (Math.log(sigma) + 0.5 * Math.log(2 * Math.PI)))
      })
    },
  }
}

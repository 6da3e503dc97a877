import { add, div, mean, mul, reshape, rsqrt, sqrt, square, sub, sum, type Tensor, tidy } from '@sgm/tensor'
import type { Block } from './block'
import { gaussian, zero } from './initializers'

const EPSILON = 1e-5

/**
 * InstanceNorm++ (Song and Ermon 2019, appendix A): each channel of x `[B, H, W, C]` less its mean μ_c over its
 * standard deviation, and μ_c's own deviation from the other channels', which plain instance normalisation would lose:
 * γ((x − μ_c)/s_c + α(μ_c − m)/v) + β, m and v being mean and (unbiased) standard deviation of μ over the channels.
 *
 * Parameters `<name>.{alpha,gamma,beta}` `[C]`; α and γ start from N(1, 0.02²), β at 0.
 */
export function instanceNormPlus(name: string, channels: number): Block {
  return {
    parameters: {
      [`${name}.alpha`]: { shape: [channels], initial: gaussian(0.02, 1) },
      [`${name}.gamma`]: { shape: [channels], initial: gaussian(0.02, 1) },
      [`${name}.beta`]: { shape: [channels], initial: zero },
    },
    apply: (p, x) =>
      tidy(() => {
        const means = mean(x, [1, 2])
        const centred = sub(x, reshape(means, [-1, 1, 1, channels]))
        const variances = mean(square(centred), [1, 2])
        const away = sub(means, mean(means, 1, true))
        const spread = div(sum(square(away), 1, true), channels - 1)
        const relative = div(away, sqrt(add(spread, EPSILON)))
        const scale = mul(rsqrt(add(variances, EPSILON)), p[`${name}.gamma`]!)
        const level = mul(mul(relative, p[`${name}.alpha`]!), p[`${name}.gamma`]!)
        const aligned = (v: Tensor): Tensor => reshape(v, [-1, 1, 1, channels])
        return add(mul(centred, aligned(scale)), aligned(add(level, p[`${name}.beta`]!)))
      }),
  }
}

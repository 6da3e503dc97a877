import { add, mean, mul, rsqrt, square, sub, type Tensor, tidy } from '@sgm/tensor'
import type { Block } from './block'
import { one, zero } from './initializers'

/** x `[..., C]` less its mean over the features, over their standard deviation (Ba et al. 2016, equation 3). */
export function standardised(x: Tensor, epsilon: number): Tensor {
  return tidy(() => {
    const away = sub(x, mean(x, -1, true))
    return mul(away, rsqrt(add(mean(square(away), -1, true), epsilon)))
  })
}

/** Layer normalisation: {@link standardised} x, times `<name>.weight` `[width]` plus `<name>.bias` `[width]`. */
export function layerNorm(name: string, width: number, epsilon: number): Block {
  return {
    parameters: {
      [`${name}.weight`]: { shape: [width], initial: one },
      [`${name}.bias`]: { shape: [width], initial: zero },
    },
    apply: (p, x) => tidy(() => add(mul(standardised(x, epsilon), p[`${name}.weight`]!), p[`${name}.bias`]!)),
  }
}

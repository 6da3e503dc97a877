import { add, mul, type Tensor, tidy } from '@sgm/tensor'

/**
 * The linear combination Σ cᵢ xᵢ; a coefficient is a number or a tensor that broadcasts. Terms whose coefficient is 0
 * cost nothing, and one that is 1 costs no product.
 */
export function combine(...terms: (readonly [coefficient: number | Tensor, x: Tensor])[]): Tensor {
  return tidy(() => {
    const [first, ...rest] = terms.filter(([c]) => c !== 0)
    if (!first) return mul(terms[0]![1], 0)
    return rest.reduce((sum, term) => add(sum, scaled(term)), scaled(first))
  })
}

function scaled([c, x]: readonly [number | Tensor, Tensor]): Tensor {
  return c === 1 ? x : mul(x, c)
}

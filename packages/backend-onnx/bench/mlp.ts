import {
  add,
  concat,
  div,
  key,
  matMul,
  mean,
  mul,
  type NamedTensors,
  normal,
  reshape,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Variable,
  valueAndGrad,
  variable,
  zeros,
} from '@sgm/tensor'

/** Sizes of the layers of the score network x, t → score, in two dimensions. */
export const layers = (width: number): number[] => [3, width, width, width, 2]

/** The network's weights and biases. */
export function parameters(width: number): Record<string, Variable> {
  const sizes = layers(width)
  return Object.fromEntries(
    sizes.slice(1).flatMap((size, i) => [
      [`w${i}`, variable(mul(normal(key(i), [sizes[i]!, size]), 1 / Math.sqrt(sizes[i]!)))],
      [`b${i}`, variable(zeros([size]))],
    ]),
  )
}

/** The network. */
export function forward(p: NamedTensors, x: Tensor, t: Tensor): Tensor {
  let h = concat([x, reshape(t, [-1, 1])], 1)
  for (let i = 0; i < 4; i++) {
    h = add(matMul(h, p[`w${i}`]!), p[`b${i}`]!)
    if (i < 3) h = softplus(h)
  }
  return h
}

/** One step of denoising score matching at σ = 1 by Adam, as a function of data, times and noise. */
export function trainingStep(width: number): (x: Tensor, t: Tensor, z: Tensor) => Tensor {
  const p = parameters(width)
  const slots = (): Record<string, Variable> =>
    Object.fromEntries(Object.entries(p).map(([name, { shape }]) => [name, variable(zeros(shape))]))
  const [m, v] = [slots(), slots()]
  return (x, t, z) => {
    const loss = (q: NamedTensors): Tensor => mean(sum(square(add(forward(q, add(x, z), t), z)), 1))
    const { value, gradient } = valueAndGrad<NamedTensors, []>(loss)(p)
    for (const [name, g] of Object.entries(gradient)) {
      const [m2, v2] = [
        add(mul(m[name]!, 0.9), mul(g, 0.1)),
        add(mul(v[name]!, 0.999), mul(square(g), 0.001)),
      ]
      m[name]!.assign(m2)
      v[name]!.assign(v2)
      p[name]!.assign(sub(p[name]!, mul(div(m2, add(sqrt(v2), 1e-8)), 1e-3)))
    }
    return value
  }
}

import {
  add,
  concat,
  cos,
  type Key,
  matMul,
  mean,
  mul,
  reshape,
  reverse,
  sigmoid,
  silu,
  sin,
  slice,
  softmax,
  softplus,
  square,
  sub,
  type Tensor,
  tanh,
  transpose,
  uniformValues,
} from '@sgm/tensor'

/** Smooth, and keeping values of order one in order one: nothing that a rounding could tip over. */
const unary: readonly ((x: Tensor) => Tensor)[] = [
  tanh,
  sigmoid,
  softplus,
  sin,
  cos,
  silu,
  (x) => transpose(x),
  (x) => reshape(x, [1, x.size]),
  (x) => reshape(x, [x.shape[1]!, x.shape[0]!]),
  (x) => mean(x, 1, true),
  (x) => mean(x, 0, true),
  (x) => softmax(x),
  (x) => concat([x, x], 1),
  (x) => concat([x, tanh(x)], 0),
  (x) => slice(x, [0, 0], [Math.ceil(x.shape[0]! / 2), x.shape[1]!]),
  (x) => tanh(matMul(x, x, { transposeB: true })),
  (x) => tanh(square(x)),
  (x) => reverse(x, 1),
]
const binary = [add, sub, mul] as const

/** A function of a matrix, made of up to eight chained ops that the key chooses, and the shape of the matrix. */
export interface RandomGraph {
  readonly shape: readonly [number, number]
  readonly run: (x: Tensor) => Tensor
}

/** The function of a key: values grow op by op, and each op takes earlier ones. */
export function randomGraph(key: Key): RandomGraph {
  const numbers = uniformValues(key, 27).values()
  const below = (n: number): number => Math.floor(n * numbers.next().value!)
  const shape = [1 + below(4), 1 + below(4)] as const
  const steps = Array.from({ length: 1 + below(8) }, () => ({
    op: below(unary.length + binary.length),
    first: below(20),
    second: below(20),
  }))
  const run = (x: Tensor): Tensor => {
    const values = [x]
    for (const { op, first, second } of steps) {
      const a = values.at(-1 - (first % values.length))!
      const partners = values.filter(({ shape }) =>
        shape.every((n, i) => n === a.shape[i] || n === 1 || a.shape[i] === 1),
      )
      const combine = binary[op - unary.length]
      values.push(combine ? combine(a, partners[second % partners.length]!) : unary[op]!(a))
    }
    return values.at(-1)!
  }
  return { shape, run }
}

import * as sgm from '@sgm/tensor'
import { compile, type Executor, grad, key, mul, normal, square, sum, type Tensor } from '@sgm/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inParts } from './blocks'
import { onnx } from './index'

/** Up to eight chained kernels and their gradients, in float32, relative to the largest value. */
const TOLERANCE = 2e-4

/** Smooth ops that keep values of order one in order one: nothing that a rounding could tip over. */
const binary = { add: sgm.add, sub: sgm.sub, mul: sgm.mul } as const
const unary = {
  tanh: sgm.tanh,
  sigmoid: sgm.sigmoid,
  softplus: sgm.softplus,
  sin: sgm.sin,
  cos: sgm.cos,
  silu: sgm.silu,
  transpose: (x: Tensor) => sgm.transpose(x),
  flatten: (x: Tensor) => sgm.reshape(x, [1, x.size]),
  swap: (x: Tensor) => sgm.reshape(x, [x.shape[1]!, x.shape[0]!]),
  rowMean: (x: Tensor) => sgm.mean(x, 1, true),
  columnMean: (x: Tensor) => sgm.mean(x, 0, true),
  softmax: (x: Tensor) => sgm.softmax(x),
  double: (x: Tensor) => sgm.concat([x, x], 1),
  stack: (x: Tensor) => sgm.concat([x, sgm.tanh(x)], 0),
  crop: (x: Tensor) => sgm.slice(x, [0, 0], [Math.ceil(x.shape[0]! / 2), x.shape[1]!]),
  gram: (x: Tensor) => sgm.tanh(sgm.matMul(x, x, { transposeB: true })),
  square: (x: Tensor) => sgm.tanh(sgm.square(x)),
  reverse: (x: Tensor) => sgm.reverse(x, 1),
} as const

type Step = readonly [op: string, first: number, second: number]

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...Object.keys(unary), ...Object.keys(binary)),
  fc.nat(20),
  fc.nat(20),
)

/** The values grow step by step; each step takes earlier ones, its operands counted from the end. */
function run(steps: readonly Step[], x: Tensor): Tensor {
  const values = [x]
  const pick = (back: number): Tensor => values[values.length - 1 - (back % values.length)]!
  for (const [op, first, second] of steps) {
    const a = pick(first)
    const partners = values.filter((b) =>
      b.shape.every((n, i) => n === a.shape[i] || n === 1 || a.shape[i] === 1),
    )
    const combine = binary[op as keyof typeof binary]
    if (combine) values.push(combine(a, partners[second % partners.length]!))
    else values.push(unary[op as keyof typeof unary](a))
  }
  return values.at(-1)!
}

/** The executor, made to work on one row of the batch after the other where a graph allows it. */
function rowByRow({ name, load }: Executor): Executor {
  return {
    name,
    load: (graph, variables) => load(inParts(graph, graph.inputs[0]!.shape[0]!) ?? graph, variables),
  }
}

test('random graphs compile to what they are, with their gradients', async () => {
  const executor = onnx({ threads: 1 })
  const shape = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  await fc.assert(
    fc.asyncProperty(shape, fc.array(step, { minLength: 1, maxLength: 8 }), async (size, steps) => {
      const x = mul(normal(key(1), size), 0.5)
      const f = (y: Tensor) => ({
        value: run(steps, y),
        gradient: grad((z: Tensor) => sum(square(run(steps, z))))(y),
      })
      const wanted = f(x)
      for (const how of [executor, rowByRow(executor)]) {
        const compiled = compile(f, { executor: how })
        const got = await compiled(x)
        await compiled.dispose()
        for (const name of ['value', 'gradient'] as const) {
          expect(got[name].shape).toEqual(wanted[name].shape)
          const [a, b] = [await got[name].data(), await wanted[name].data()]
          const room = TOLERANCE * (1 + Math.max(...Array.from(b, Math.abs)))
          a.forEach((value, i) => {
            expect(Math.abs(value - b[i]!)).toBeLessThanOrEqual(room)
          })
        }
        sgm.dispose(got)
      }
      sgm.dispose([x, wanted])
    }),
    { numRuns: 60, seed: 20_26 },
  )
})

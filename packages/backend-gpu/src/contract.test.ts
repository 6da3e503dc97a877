import { add, compile, grad, mul, square, sum, type Tensor, tensor } from '@sgm/tensor'
import { type OpCase, opCases } from '@sgm/tensor/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Gpu, openGpu } from './index'

/** Float32 rounding of a few chained kernels, each of which two engines may round differently. */
const TOLERANCE = 5e-5

let gpu: Gpu

beforeAll(async () => {
  gpu = await openGpu()
})

afterAll(() => gpu.close())

/** Curved in the result, so that second derivatives pass through the cotangent too. */
const loss = ({ run }: OpCase, inputs: readonly Tensor[]): Tensor => {
  const y = run(...inputs)
  return sum(add(mul(y, 0.7), mul(square(y), 0.5)))
}

const everything = (it: OpCase) => (inputs: readonly Tensor[]) => {
  const slope = (xs: readonly Tensor[]): Tensor =>
    grad((ys: readonly Tensor[]) => loss(it, ys))(xs)
      .map((g) => sum(square(g)))
      .reduce(add)
  const differentiable = inputs.length > 0
  return {
    value: it.run(...inputs),
    first: differentiable ? grad((ys: readonly Tensor[]) => loss(it, ys))(inputs) : [],
    second: differentiable ? grad(slope)(inputs) : [],
  }
}

async function expectEqual(got: Tensor, wanted: Tensor): Promise<void> {
  expect(got.shape).toEqual(wanted.shape)
  const [a, b] = [await got.data(), await wanted.data()]
  const room = TOLERANCE * (1 + Math.max(...Array.from(b, Math.abs), 0))
  a.forEach((value, i) => {
    expect(Math.abs(value - b[i]!), `entry ${i}: got ${value}, wanted ${b[i]}`).toBeLessThanOrEqual(room)
  })
}

describe.each(opCases.map((it) => [it.label, it] as const))('%s', (_label, it) => {
  test('compiled has the value, gradient and second derivative of eager', async () => {
    const compiled = compile(everything(it), { executor: gpu.executor() })
    const inputs = it.inputs.map(({ data, shape }) => tensor(data, shape))
    const wanted = everything(it)(inputs)
    const got = await compiled(inputs)
    await expectEqual(got.value, wanted.value)
    for (const [i, g] of wanted.first.entries()) await expectEqual(got.first[i]!, g)
    for (const [i, g] of wanted.second.entries()) await expectEqual(got.second[i]!, g)
    await compiled.dispose()
  })
})

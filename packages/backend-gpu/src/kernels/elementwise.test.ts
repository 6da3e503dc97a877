import {
  atan2,
  compile,
  cosh,
  erf,
  exp,
  expm1,
  log,
  log1p,
  max,
  maximum,
  notEqual,
  pow,
  relu,
  sigmoid,
  sinh,
  type Tensor,
  tanh,
  tensor,
} from '@sgm/tensor'
import { afterAll, describe, expect, test } from 'vitest'
import { openGpu } from '../index'

const gpu = await openGpu()

afterAll(() => gpu.close())

const points = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  1,
  -1,
  2.5,
  1e-30,
  1e-4,
  0.1,
  88.7,
  -87,
  1e10,
]

/** Kernels that WGSL lacks or leaves inexact, and their values by Math; powers double the logarithm's rounding by their size. */
const kernels: readonly (readonly [string, (x: Tensor) => Tensor, (x: number) => number])[] = [
  ['exp', exp, Math.exp],
  ['expm1', expm1, Math.expm1],
  ['log', log, Math.log],
  ['log1p', log1p, Math.log1p],
  ['tanh', tanh, Math.tanh],
  ['sinh', sinh, Math.sinh],
  ['cosh', cosh, Math.cosh],
  ['sigmoid', sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  ['relu', relu, (x) => Math.max(x, 0)],
  ['x to the 2.5', (x) => pow(x, 2.5), (x) => x ** 2.5],
  ['x to the −3', (x) => pow(x, -3), (x) => x ** -3],
  ['maximum', (x) => maximum(x, 1), (x) => Math.max(x, 1)],
  ['atan2', (x) => atan2(x, -1), (x) => Math.atan2(x, -1)],
  ['not equal', (x) => notEqual(x, x), (x) => Number(Number.isNaN(x))],
]

describe.each(kernels)('%s', (name, f, truth) => {
  test('is right where numbers end, and keeps its digits', async () => {
    const compiled = compile((x: Tensor) => f(x), { executor: gpu.executor() })
    const got = await (await compiled(tensor(points))).data()
    for (const [i, x] of points.entries()) {
      const wanted = Math.fround(truth(Math.fround(x)))
      if (Number.isFinite(wanted)) {
        expect(Math.abs(got[i]! - wanted), `at ${x}: got ${got[i]}, wanted ${wanted}`).toBeLessThanOrEqual(
          (name.startsWith('x to') ? 1e-5 : 1e-6) * Math.abs(wanted) + 1e-37,
        )
      } else expect(got[i], `at ${x}`).toBe(wanted)
    }
    await compiled.dispose()
  })
})

test('erf and a largest value know what is no number', async () => {
  const compiled = compile((x: Tensor) => [erf(x), max(x)], { executor: gpu.executor() })
  const [y, largest] = (await compiled(tensor([Number.NaN, 0, 6, -6]))) as [Tensor, Tensor]
  expect([...(await y.data())]).toEqual([Number.NaN, 0, 1, -1])
  expect([...(await largest.data())]).toEqual([Number.NaN])
  await compiled.dispose()
})

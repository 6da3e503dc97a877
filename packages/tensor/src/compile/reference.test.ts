import { describe, expect, test } from 'vitest'
import { add, grad, mul, square, sum, type Tensor, tensor } from '..'
import { opCases } from '../ops/contract'
import { compile, reference } from '.'

describe.each(opCases.map((it) => [it.label, it] as const))('%s', (_label, it) => {
  test('the graph means what the function computes, with its gradient', async () => {
    const loss = (xs: readonly Tensor[]): Tensor => {
      const y = it.run(...xs)
      return sum(add(mul(y, 0.7), mul(square(y), 0.5)))
    }
    const fn = (xs: readonly Tensor[]) => [it.run(...xs), ...(xs.length > 0 ? grad(loss)(xs) : [])]
    const inputs = it.inputs.map(({ data, shape }) => tensor(data, shape))
    const compiled = compile(fn, { executor: reference() })
    const [wanted, got] = [fn(inputs), await compiled(inputs)]
    for (const [i, x] of wanted.entries()) {
      expect(got[i]!.shape).toEqual(x.shape)
      const [a, b] = [await got[i]!.data(), await x.data()]
      a.forEach((value, j) => {
        expect(value).toBeCloseTo(b[j]!, 4)
      })
    }
  })
})

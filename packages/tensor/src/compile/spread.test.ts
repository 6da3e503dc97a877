import { expect, it } from 'vitest'
import { grad, mean, mul, neg, ones, sub, sum, type Tensor, tensor } from '..'
import { flattenArguments, type Graph, reference, traceToGraph } from '.'
import { compile } from './compile'

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
])

async function traced(fn: (x: Tensor) => Tensor): Promise<Graph> {
  return (await traceToGraph(fn, flattenArguments('test', [x]))).graph
}

const kernels = ({ nodes }: Graph): string[] => nodes.map(({ kernel }) => kernel)
const largest = ({ nodes }: Graph, kernel: string): number =>
  Math.max(
    0,
    ...nodes
      .filter((node) => node.kernel === kernel)
      .map(({ outputs }) => outputs[0]!.shape.reduce((a, b) => a * b, 1)),
  )

async function expectSame(fn: (x: Tensor) => Tensor): Promise<void> {
  const compiled = compile(fn, { executor: reference() })
  expect(await (await compiled(x)).data()).toEqual(await fn(x).data())
  await compiled.dispose()
}

it('spreads the gradient of a mean where it is used, and multiplies nothing with ones', async () => {
  const fn = (y: Tensor) => grad((z: Tensor) => mean(z))(y)
  const graph = await traced(fn)
  expect(kernels(graph)).not.toContain('Multiply')
  expect(largest(graph, 'RealDiv')).toBeLessThan(2)
  await expectSame(fn)
})

it('works out what repeats once, and hands it over as it is', async () => {
  const fn = (y: Tensor) => mul(y, neg(sub(mul(ones([2, 3]), mean(y, 1, true)), 1)))
  const graph = await traced(fn)
  expect(largest(graph, 'Neg')).toBe(2)
  expect(kernels(graph)).not.toContain('Tile')
  expect(kernels(graph).filter((kernel) => kernel === 'Multiply')).toHaveLength(1)
  await expectSame(fn)
})

it('keeps the shape of a result that repeats', async () => {
  const fn = (y: Tensor) => mul(ones([2, 3]), sum(y, 0, true))
  expect((await traced(fn)).outputs[0]!.shape).toEqual([2, 3])
  await expectSame(fn)
})

it('leaves a product with a larger shape of ones alone where that repeats', async () => {
  await expectSame((y) => mul(mean(y, 1, true), ones([2, 3])))
  await expectSame((y) => mul(y, ones([1])))
})

import { add, compile, conv2d, grad, key, mul, normal, square, sum, type Tensor, tensor } from '@sgm/tensor'
import { flattenArguments, traceToGraph } from '@sgm/tensor/compile'
import { expectNear } from '@sgm/tensor/testing'
import { expect, test } from 'vitest'
import { onnx } from './index'
import { toModel } from './model'

const [batch, size, channels] = [2, 9, 16]
const [x, others] = [1, 2].map((n) => normal(key(n), [batch, size, size, channels])) as [Tensor, Tensor]
const filter = normal(key(3), [3, 3, channels, channels])
const [scale, shift] = [5, 6].map((n) => normal(key(n), [batch, 1, 1, channels])) as [Tensor, Tensor]

const inputs = [x, others, filter, scale, shift]

/** The operators that a function becomes on the native runtime, where its values are compared with those that tfjs makes. */
async function compared(fn: (inputs: readonly Tensor[]) => readonly Tensor[]): Promise<string[]> {
  const compiled = compile(fn, { executor: onnx({ threads: 1 }) })
  const [got, wanted] = [await compiled(inputs), fn(inputs)]
  for (const [i, truth] of wanted.entries()) await expectNear(got[i]!, truth, 1e-5, 'largest')
  await compiled.dispose()
  const { graph } = await traceToGraph(fn, flattenArguments('x', [inputs]))
  const { proto } = toModel(graph, undefined, { channelBlock: 16 })
  return proto.graph.node.map(({ opType }) => opType)
}

const convolved = ([x, , filter]: readonly Tensor[]): Tensor => conv2d(x!, filter!, { padding: 'same' })
const scaled = (all: readonly Tensor[]): Tensor => mul(convolved(all), all[3]!)
const functions: [string, (all: readonly Tensor[]) => Tensor][] = [
  ['a scale and a shift', (all) => add(scaled(all), all[4]!)],
  ['a shift and a scale', (all) => add(all[4]!, mul(all[3]!, convolved(all)))],
]

test.each(functions)('%s of a convolution costs no pass of its own', async (_, fn) => {
  const operators = await compared((all) => [fn(all)])
  expect(operators).toContain('BatchNormalization')
  expect(operators).not.toContain('Add')
  expect(operators).not.toContain('Mul')
  await compared((all) => grad((given: readonly Tensor[]) => sum(square(fn(given))))(all))
})

test.each<[string, (all: readonly Tensor[]) => Tensor]>([
  ['a sum', (all) => add(add(scaled(all), all[1]!), all[4]!)],
  ['the other sum', (all) => add(all[4]!, add(all[1]!, scaled(all)))],
])('%s is shifted with what it is of', async (_, fn) => {
  const operators = await compared((all) => [fn(all)])
  expect(operators.filter((one) => /^(Add|Mul|BatchNormalization)$/.test(one)).sort()).toEqual([
    'Add',
    'BatchNormalization',
  ])
  await compared((all) => grad((given: readonly Tensor[]) => sum(square(fn(given))))(all))
})

test('what others read too is written for them', async () => {
  const both = (all: readonly Tensor[]): Tensor[] => [add(scaled(all), all[4]!), scaled(all)]
  expect(await compared(both)).not.toContain('BatchNormalization')
})

test('an infinite scale makes NaN of its channel alone', async () => {
  const infinite = mul(scale, tensor([Number.POSITIVE_INFINITY, ...Array(channels - 1).fill(1)]))
  const fn = (given: readonly Tensor[]): Tensor => add(scaled(given), given[4]!)
  const compiled = compile(fn, { executor: onnx({ threads: 1 }) })
  const y = await (await compiled([x, others, filter, infinite, shift])).data()
  for (const [i, value] of y.entries()) expect(Number.isFinite(value)).toBe(i % channels !== 0)
  await compiled.dispose()
})

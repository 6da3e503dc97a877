import { expect, test } from 'vitest'
import { variable } from '../memory'
import { add, clip, div, full, leakyRelu, maximum, minimum, pad, reciprocal, scalar, tensor } from '../ops'
import type { Tensor } from '../types'
import { flatten } from './arguments'
import { compile } from './compile'
import { reference } from './reference'
import { signatureOf } from './signature'
import { traceToGraph } from './trace-to-graph'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

/** What a function of [1, 2], as a column, has for results. */
async function compiled(fn: (x: Tensor) => Tensor[]): Promise<number[][]> {
  const results = await compile(fn, { executor: reference() })(tensor([1, 2], [2, 1]))
  return Promise.all(results.map(async (y) => [...(await y.data())]))
}

test('every number has a signature of its own', () => {
  const numbers = [0, -0, 1, -1, nan, infinity, -infinity, 1e-45]
  const others = ['NaN', 'Infinity', '-0', null, [0], [-0], { a: infinity }, { a: -infinity }, { a: nan }]
  const all = [...numbers, ...others].map(signatureOf)
  expect(new Set(all).size).toBe(all.length)
  expect(signatureOf({ a: [1, -0], b: nan })).toBe(signatureOf({ a: [1, -0], b: nan }))
})

test('limits at either infinity are two limits', async () => {
  const limited = (x: Tensor): Tensor[] => [
    maximum(minimum(x, full([2, 1], infinity)), full([2, 1], -infinity)),
    minimum(maximum(x, scalar(-infinity)), scalar(infinity)),
  ]
  expect(await compiled(limited)).toEqual([
    [1, 2],
    [1, 2],
  ])
})

test('0 and −0, infinities and NaN stay apart as numbers, tensors and fills', async () => {
  const parted = (x: Tensor): Tensor[] => [
    div(x, 0),
    div(x, -0),
    div(x, full([2, 1], 0)),
    div(x, full([2, 1], -0)),
    div(x, tensor([0, -0])),
    div(x, tensor([-0, 0])),
    ...[infinity, -infinity, nan].map((value) => add(x, value)),
  ]
  expect(await compiled(parted)).toEqual([
    ...[infinity, -infinity, infinity, -infinity].map((value) => [value, value]),
    [infinity, -infinity, infinity, -infinity],
    [-infinity, infinity, -infinity, infinity],
    ...[infinity, -infinity, nan].map((value) => [value, value]),
  ])
})

test('calls that differ in an attribute that JSON has no word for are two calls', async () => {
  const values = [0, -0, infinity, -infinity, nan]
  const alike = (x: Tensor): Tensor[] => [
    ...values.map((value) => pad(x, [[0, 0], [0, 1]], value)), // biome-ignore format: pairs
    ...[infinity, 1].map((end) => clip(x, -1, end)),
    ...[-infinity, 0, -0].map((end) => clip(x, end, 1)),
    ...values.map((value) => leakyRelu(x, value)),
  ]
  const twice = (x: Tensor): Tensor[] => [...alike(x), ...alike(x)]
  const { graph } = await traceToGraph(twice, flatten('x', [tensor([1, 2], [2, 1])]))
  const count = (kernel: string): number => graph.nodes.filter((node) => node.kernel === kernel).length
  expect(['PadV2', 'ClipByValue', 'LeakyRelu'].map(count)).toEqual([5, 5, 5])
})

test('folds what is known without merging it', async () => {
  const known = (): Tensor[] => [0, -0, infinity, -infinity].map((value) => reciprocal(scalar(value)))
  const results = (await compiled(known)).flat()
  expect(results).toEqual([infinity, -infinity, 0, -0])
})

test('variables that share a value and differ in their limits stay apart', async () => {
  const [low, high] = [variable(tensor([-3, 3])), variable(tensor([-3, 3]))]
  const step = compile(
    (x: Tensor) => {
      low.assign(clip(add(low, x), -infinity, 0))
      high.assign(clip(add(high, x), 0, infinity))
    },
    { executor: reference() },
  )
  await step(tensor(1))
  await step.pullVariables()
  expect([...(await low.data()), ...(await high.data())]).toEqual([-2, 0, 0, 4])
})

import {
  compile,
  conv2d,
  grad,
  key,
  mul,
  normal,
  round,
  square,
  sum,
  type Tensor,
  variable,
} from '@sgm/tensor'
import { flattenArguments, traceToGraph } from '@sgm/tensor/compile'
import { expect, it } from 'vitest'
import { blockOf, channelBlockOf } from './channel-block'
import { onnx } from './executor'
import { BLOCKED } from './lower/blocked-conv'
import { toModel } from './model'

const conv = (x: Tensor, filter: Tensor): Tensor => conv2d(x, filter, { padding: 'same' })

it('has no blocks to ask for where nothing is convolved', async () => {
  const x = normal(key(0), [2])
  const { graph } = await traceToGraph((y: Tensor) => square(y), flattenArguments('x', [x]))
  expect(await channelBlockOf({}, graph)).toBeUndefined()
})

/** Two places of 64 channels, numbered place by place, in blocks of so many channels. */
const inBlocks = (size: number): Float32Array => {
  const all = new Float32Array(128)
  for (const i of all.keys()) {
    const [channel, place] = [i >> 1, i & 1]
    all[(Math.floor(channel / size) * 2 + place) * size + (channel % size)] = i
  }
  return all
}

it.each([4, 8, 16, 32, 64])('finds blocks of %i channels', (size) => {
  expect(blockOf(inBlocks(size))).toBe(size)
})

it('finds none in numbers that lie otherwise', () => {
  expect(blockOf(inBlocks(1))).toBeUndefined()
  const last = inBlocks(8)
  last[127] = 0
  expect(blockOf(last)).toBeUndefined()
  expect(blockOf(new Float32Array(128))).toBeUndefined()
})

it('writes blocks for filters that may change alone, and for whole blocks of channels', async () => {
  const operators = async (fn: (x: Tensor) => Tensor): Promise<number> => {
    const { graph } = await traceToGraph(fn, flattenArguments('x', [normal(key(0), [1, 4, 4, 16])]))
    const { proto } = toModel(graph, undefined, { channelBlock: 16 })
    return proto.graph.node.filter(({ domain, opType }) => domain === BLOCKED && opType === 'Conv').length
  }
  const filters = (count: number): Tensor => normal(key(1), [3, 3, 16, count])
  const [constant, changing, few] = [filters(16), variable(filters(16)), variable(filters(8))]
  expect(await operators((x) => conv(x, constant))).toBe(0)
  expect(await operators((x) => conv(x, changing))).toBe(1)
  expect(await operators((x) => conv(x, few))).toBe(0)
})

it('convolves whole numbers exactly', async () => {
  const numbers = (x: Tensor): Tensor => round(mul(x, 3))
  const x = numbers(normal(key(0), [2, 7, 7, 32]))
  const filter = numbers(normal(key(1), [3, 3, 32, 16]))
  const gradients = ([y, f]: readonly Tensor[]): Tensor => sum(square(conv(y!, f!)))
  const fn = (y: Tensor, f: Tensor) => grad(gradients)([y, f])[0]!
  const compiled = compile(fn, { executor: onnx({ threads: 1 }) })
  expect(await (await compiled(x, filter)).data()).toEqual(await fn(x, filter).data())
  await compiled.dispose()
})

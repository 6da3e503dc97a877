import { add, key, matMul, mul, normal, silu, softplus, sub, type Tensor, transpose } from '@sgm/tensor'
import { flattenArguments, traceToGraph } from '@sgm/tensor/compile'
import { expect, test } from 'vitest'
import { encodeModel } from '../encode-model'
import { toModel } from '../model'
import { openSession } from '../runtime'

/** More than ONNX Runtime's Split takes apart evenly. */
const TILE = 24

interface Case {
  readonly name: string
  readonly shapes: readonly (readonly number[])[]
  readonly fn: (...x: Tensor[]) => unknown
  /** Times that the operators of the function are written: 1 where it is not worth while. */
  readonly softpluses: number
}

const cases: readonly Case[] = [
  { name: 'one operand', shapes: [[13, 8]], fn: (x) => softplus(x!), softpluses: 5 },
  {
    name: 'operands that repeat along either axis, and a scalar',
    shapes: [[13, 8], [8], [13, 1], []],
    fn: (x, row, column, one) => mul(softplus(add(mul(x!, row!), column!)), one!),
    softpluses: 5,
  },
  {
    name: 'values that are read inside and outside',
    shapes: [[12, 9]],
    fn: (x) => {
      const y = softplus(x!)
      const z = softplus(sub(y, 1))
      return [y, matMul(z, transpose(z)), silu(z)]
    },
    softpluses: 12,
  },
  {
    name: 'axes stored in another order',
    shapes: [
      [8, 13],
      [13, 1],
    ],
    fn: (x, column) => softplus(mul(softplus(transpose(x!)), column!)),
    softpluses: 16,
  },
  { name: 'a first axis of 1', shapes: [[1, 1, 104]], fn: (x) => softplus(x!), softpluses: 5 },
  { name: 'rows longer than a tile', shapes: [[3, 50]], fn: (x) => softplus(x!), softpluses: 3 },
  {
    name: 'few operators for their operands',
    shapes: [
      [13, 8],
      [13, 8],
    ],
    fn: (x, y) => mul(add(x!, y!), y!),
    softpluses: 0,
  },
]

test.each(cases)('$name: cut or whole, the same bits', async ({ shapes, fn, softpluses }) => {
  const x = shapes.map((shape, i) => normal(key(i), [...shape]))
  const { graph } = await traceToGraph(fn as (...x: Tensor[]) => unknown, flattenArguments('x', x))
  const run = async (tile?: number): Promise<readonly (readonly number[])[]> => {
    const { proto, inputs, outputs } = toModel(graph, undefined, { tile })
    if (tile) expect(proto.graph.node.filter(({ opType }) => opType === 'Relu').length).toBe(softpluses)
    const { session, Tensor } = await openSession(encodeModel(proto), { threads: 1 })
    const feeds: Record<string, InstanceType<typeof Tensor>> = {}
    for (const [i, name] of inputs.entries()) {
      feeds[name] = new Tensor('float32', (await x[i]!.data()) as Float32Array, x[i]!.shape)
    }
    const results = await session.run(feeds)
    await session.release()
    return outputs.map((name) => [...results[name]!.dims, ...(results[name]!.data as Float32Array)])
  }
  expect(await run(TILE)).toEqual(await run())
})

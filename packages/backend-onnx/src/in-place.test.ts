import { expect, test } from 'vitest'
import { Builder, valueInfo } from './builder'
import { encodeModel } from './encode-model'
import { inPlace } from './in-place'
import { openSession } from './runtime'

/** y = x · w, with w of n elements. */
async function product(n: number) {
  const how = (await inPlace({ runtime: 'node' }))!
  const builder = new Builder(['x', 'w', 'y'])
  builder.nodes.push({ opType: 'MatMul', input: ['x', 'w'], output: ['y'], name: 'y', attribute: [] })
  const model = {
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ domain: '', version: 18 }],
    graph: {
      name: 'test',
      node: builder.nodes,
      initializer: [],
      input: [valueInfo('x', 'float32', [1, 'k']), valueInfo('w', 'float32', ['l', n])],
      output: [valueInfo('y', 'float32', [1, n])],
    },
  }
  const { session, Tensor } = await openSession(encodeModel(how.prepared(model)), { threads: 1 })
  const tensor = (data: Float32Array, dims: number[]) => new Tensor('float32', data, dims)
  return { how, session, tensor }
}

test('results come into the given buffers, and nowhere else', async () => {
  const n = 1 << 20
  const { how, session, tensor } = await product(n)
  const x = tensor(Float32Array.of(3), [1, 1])
  const w = tensor(new Float32Array(n).fill(2), [1, n])
  const y = tensor(new Float32Array(n), [1, n])
  await how.run(session, { x, w }, { y })
  expect([y.data[0], y.data[n - 1]]).toEqual([6, 6])
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 10; i++) await how.run(session, { x, w }, { y })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * n)
  await session.release()
})

test('errors of a run are thrown', async () => {
  const { how, session, tensor } = await product(2)
  const x = tensor(new Float32Array(3), [1, 3])
  const w = tensor(new Float32Array(4), [2, 2])
  const y = tensor(new Float32Array(2), [1, 2])
  await expect(how.run(session, { x, w }, { y })).rejects.toThrow(/MatMul/)
  await session.release()
})

test('there is no such way in browsers', async () => {
  expect(await inPlace({ runtime: 'web' })).toBeUndefined()
})

import { afterEach, describe, expect, inject, test } from 'vitest'
import {
  type BackendName,
  bestEngine,
  compile,
  type EngineChoice,
  type Executor,
  mul,
  type Tensor,
  tensor,
  useBackend,
} from '..'
import { reference } from '../compile'

afterEach(() => useBackend(inject('backend') as BackendName))

const broken = (name: string): EngineChoice => ({
  name,
  open: async () => {
    throw new Error(`no ${name} here`)
  },
})
const working = (name: string, executor: Executor): EngineChoice => ({
  name,
  open: async () => ({ name, description: 'one', executor, close: async () => {} }),
})

describe('bestEngine', () => {
  test('takes the first that opens, and says why not those before it', async () => {
    const engine = await bestEngine([broken('a'), working('b', reference()), broken('c')])
    expect(engine).toMatchObject({ name: 'b', passed: [{ name: 'a', reason: 'no a here' }] })
    const double = compile((x: Tensor) => mul(x, 2), { executor: engine.executor })
    expect([...(await (await double(tensor([21]))).data())]).toEqual([42])
    await double.dispose()
  })

  test('without any that opens runs eagerly on the best backend', async () => {
    const engine = await bestEngine([broken('a')])
    expect(engine.executor).toBeUndefined()
    expect(engine.description).toBe(`eager tensors on ${engine.name}`)
    expect(engine.name).toBe(await useBackend())
    expect(engine.passed).toHaveLength(1)
  })
})

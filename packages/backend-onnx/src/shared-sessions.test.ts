import { add, compile, key, matMul, mul, normal, type Tensor, tanh, variable } from '@sgm/tensor'
import { InferenceSession } from 'onnxruntime-node'
import { afterEach, expect, test, vi } from 'vitest'
import { onnx } from './index'

const executor = onnx({ threads: 1, runtime: 'node' })
const w = normal(key(0), [3, 4])

afterEach(() => vi.restoreAllMocks())

const create = () => vi.spyOn(InferenceSession, 'create')

async function expectSame(got: Tensor, wanted: Tensor): Promise<void> {
  expect(got.shape).toEqual(wanted.shape)
  const values = await wanted.data()
  for (const [i, value] of (await got.data()).entries()) expect(value).toBeCloseTo(values[i]!, 5)
}

test('serves every batch size by one session, until the last program is gone', async () => {
  const opened = create()
  const release = vi.fn()
  opened.mockImplementationOnce(async (...args: unknown[]) => {
    const session = await (InferenceSession.create as (...all: unknown[]) => Promise<InferenceSession>)(
      ...args,
    )
    const original = session.release.bind(session)
    session.release = () => {
      release()
      return original()
    }
    return session
  })
  const fn = (x: Tensor): Tensor => tanh(matMul(x, w))
  const f = compile(fn, { executor, cache: 2 })
  for (const batch of [5, 1, 3, 4, 64, 1]) {
    const x = normal(key(batch), [batch, 3])
    await expectSame(await f(x), fn(x))
  }
  // The second is the first's own call of what it stands for.
  expect(opened).toHaveBeenCalledTimes(2)
  expect(release).not.toHaveBeenCalled()
  await f.dispose()
  expect(release).toHaveBeenCalledTimes(1)
})

test('gives each size its own session where the function depends on it in more than shapes', async () => {
  const opened = create()
  const counted = (x: Tensor): Tensor => mul(x, x.shape[0]!)
  const special = (x: Tensor): Tensor => (x.shape[0] === 2 ? mul(x, 2) : add(x, 1))
  const bounded = (x: Tensor): Tensor => {
    if (x.shape[0]! > 50) throw new Error('too many')
    return mul(x, 3)
  }
  for (const [fn, sessions] of [
    [counted, 3],
    [special, 2],
    [bounded, 3],
  ] as const) {
    opened.mockClear()
    const f = compile(fn, { executor })
    for (const batch of [3, 2, 5]) {
      const x = normal(key(batch), [batch, 3])
      await expectSame(await f(x), fn(x))
    }
    expect(opened).toHaveBeenCalledTimes(sessions)
    await f.dispose()
  }
})

test('takes constants and variables as they are when a size is first met', async () => {
  let factor = normal(key(1), [3])
  const scale = variable(normal(key(2), [3]))
  const fn = (x: Tensor): Tensor => mul(mul(x, factor), scale)
  const f = compile(fn, { executor })
  const x = (batch: number): Tensor => normal(key(batch), [batch, 3])
  await expectSame(await f(x(2)), fn(x(2)))
  scale.assign(normal(key(3), [3]))
  await expectSame(await f(x(4)), fn(x(4)))
  factor = normal(key(4), [3])
  await expectSame(await f(x(5)), fn(x(5)))
  await f.dispose()
})

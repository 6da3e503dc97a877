import { add, compile, key, matMul, mul, normal, type Tensor, tanh, variable } from '@sgm/tensor'
import { InferenceSession } from 'onnxruntime-node'
import { afterEach, expect, test, vi } from 'vitest'
import { onnx } from './index'

const executor = onnx({ threads: 1, runtime: 'node' })
const w = normal(key(0), [3, 4])

afterEach(() => vi.restoreAllMocks())

/** Counts the sessions that are opened, and those that are open. */
function watched() {
  const counts = { opened: 0, open: 0 }
  const create = InferenceSession.create as (...args: unknown[]) => Promise<InferenceSession>
  vi.spyOn(InferenceSession, 'create').mockImplementation(async (...args: unknown[]) => {
    const session = await create(...args)
    const release = session.release.bind(session)
    counts.opened++
    counts.open++
    session.release = () => {
      counts.open--
      return release()
    }
    return session
  })
  return counts
}

async function expectSame(got: Tensor, wanted: Tensor): Promise<void> {
  expect(got.shape).toEqual(wanted.shape)
  const values = await wanted.data()
  for (const [i, value] of (await got.data()).entries()) expect(value).toBeCloseTo(values[i]!, 5)
}

test('serves one batch size by its own session, and all by one when a second comes, until the last program is gone', async () => {
  const counts = watched()
  const traced: number[] = []
  const fn = (x: Tensor): Tensor => {
    traced.push(x.shape[0]!)
    return tanh(matMul(x, w))
  }
  const f = compile(fn, { executor, cache: 2 })
  const call = async (batch: number): Promise<void> => {
    const x = normal(key(batch), [batch, 3])
    await expectSame(await f(x), tanh(matMul(x, w)))
  }
  await call(5)
  expect(traced).toEqual([5])
  expect(counts).toEqual({ opened: 1, open: 1 })
  await call(1)
  expect(traced).toEqual([5, 1, 101, 103])
  for (const batch of [5, 3, 4, 64, 1]) await call(batch)
  expect(counts).toEqual({ opened: 2, open: 1 })
  await f.dispose()
  expect(counts).toEqual({ opened: 2, open: 0 })
})

test('gives each size its own session where the function depends on it in more than shapes', async () => {
  const counts = watched()
  const counted = (x: Tensor): Tensor => mul(x, x.shape[0]!)
  const special = (x: Tensor): Tensor => (x.shape[0] === 2 ? mul(x, 2) : add(x, 1))
  const bounded = (x: Tensor): Tensor => {
    if (x.shape[0]! > 50) throw new Error('too many')
    return mul(x, 3)
  }
  for (const [fn, sessions] of [
    [counted, 3],
    [special, 3],
    [bounded, 3],
  ] as const) {
    counts.opened = 0
    const f = compile(fn, { executor })
    for (const batch of [3, 2, 5]) {
      const x = normal(key(batch), [batch, 3])
      await expectSame(await f(x), fn(x))
    }
    expect(counts.opened).toBe(sessions)
    await f.dispose()
    expect(counts.open).toBe(0)
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
  // The first size has gone over to the session of the second.
  await expectSame(await f(x(2)), fn(x(2)))
  const before = fn(x(2))
  factor = normal(key(4), [3])
  await expectSame(await f(x(5)), fn(x(5)))
  await expectSame(await f(x(2)), before)
  await f.dispose()
})

test('leaves a size its own session where the constants have changed since', async () => {
  let factor = normal(key(1), [3])
  const fn = (x: Tensor): Tensor => mul(x, factor)
  const f = compile(fn, { executor })
  const x = (batch: number): Tensor => normal(key(batch), [batch, 3])
  const wanted = fn(x(2))
  await expectSame(await f(x(2)), wanted)
  factor = normal(key(2), [3])
  await expectSame(await f(x(4)), fn(x(4)))
  await expectSame(await f(x(2)), wanted)
  await f.dispose()
})

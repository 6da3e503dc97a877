import { describe, expect, test } from 'vitest'
import { dispose, tidy, variable } from '../../memory'
import { add, clip, full, gather, mul, sum, tensor } from '../../ops'
import { type Key, key, normal, uniform } from '../../random'
import { expectNoLeaks } from '../../testing'
import type { Tensor } from '../../types'
import type { Executor } from '../executor'
import { reference } from '../reference'
import { Lazy } from './lazy'
import { keepPrograms } from './programs'

/** The reference interpreter, with its programs counted; none runs when it was disposed. */
function counted() {
  const counts = { loaded: 0, alive: 0 }
  const plain = reference()
  const executor: Executor = {
    name: 'counted',
    async load(...args) {
      const executable = await plain.load(...args)
      let disposed = false
      counts.loaded++
      counts.alive++
      return {
        ...executable,
        run(...args) {
          if (disposed) throw new Error('a program ran after it was disposed')
          return executable.run(...args)
        },
        dispose() {
          disposed = true
          counts.alive--
          return executable.dispose()
        },
      }
    },
  }
  return { counts, executor }
}

/** What pieces of code give, one after the other, and how many programs that took. */
async function valuesOf(...pieces: (() => Tensor)[]): Promise<{ values: number[][]; loaded: number }> {
  const { counts, executor } = counted()
  const values: number[][] = []
  await expectNoLeaks(async () => {
    const lazy = new Lazy(executor)
    for (const piece of pieces) {
      const made = lazy.record(() => tidy(piece))
      const y = await lazy.compute(made)
      values.push([...(await y.data())])
      dispose([made, y])
    }
    await lazy.dispose()
  })
  expect(counts.alive).toBe(0)
  return { values, loaded: counts.loaded }
}

describe('pieces of one structure share a program, whatever their', () => {
  const x = tensor([1, 2, 3])

  test.each<[string, (n: number) => Tensor, (n: number) => number[]]>([
    ['factors', (n) => mul(x, n), (n) => [n, 2 * n, 3 * n]],
    ['tensors', (n) => mul(x, tensor([n, 1, -n])), (n) => [n, 2, -3 * n]],
    ['filled tensors', (n) => full([2], n), (n) => [n, n]],
    [
      'bounds',
      (n) => clip(mul(x, 2), n, n + 1),
      (n) => [2, 4, 6].map((y) => Math.min(Math.max(y, n), n + 1)),
    ],
    [
      'numbers of several kinds',
      (n) => add(clip(mul(x, n), 0, 3 * n), full([3], n * n)),
      (n) => [1, 2, 3].map((y) => Math.min(y * n, 3 * n) + n * n),
    ],
  ])('%s', async (_, piece, wanted) => {
    const numbers = [2, 3, 1.5]
    const { values, loaded } = await valuesOf(...numbers.map((n) => () => piece(n)))
    expect(values).toEqual(numbers.map(wanted))
    expect(loaded).toBe(1)
  })

  test('outer tensors', async () => {
    const pairs = [2, 5].map((n) => [tensor([n, n]), tensor([1, n])] as const)
    const { values, loaded } = await valuesOf(
      ...pairs.map(
        ([a, b]) =>
          () =>
            add(a, mul(b, 10)),
      ),
    )
    expect(values).toEqual([
      [12, 22],
      [15, 55],
    ])
    expect(loaded).toBe(1)
  })

  test('keys, each of which gives its own numbers', async () => {
    const both = ([first, second]: readonly Key[]) => add(mul(normal(first!, [4]), 8), normal(second!, [4]))
    const keys = [
      [key(0), key(1)],
      [key(1), key(2)],
    ]
    const { values, loaded } = await valuesOf(...keys.map((pair) => () => both(pair)))
    expect(values).toEqual(await Promise.all(keys.map(async (pair) => [...(await both(pair).data())])))
    expect(loaded).toBe(1)
  })
})

test('pieces that differ in more than numbers have programs of their own', async () => {
  const x = tensor([1, 2, 3, 4], [2, 2])
  const rows = (...indices: number[]): Tensor => gather(x, tensor(indices, [2], 'int32'))
  const source = key(3)
  const [low, high] = [
    { low: 0, high: 1 },
    { low: 4, high: 5 },
  ].map((bounds) => () => uniform(source, [2], bounds))
  const { values, loaded } = await valuesOf(
    () => sum(x, 0),
    () => sum(x, 1),
    () => rows(0, 1),
    () => rows(1, 1),
    low!,
    high!,
  )
  expect(values.slice(0, 4)).toEqual([
    [4, 6],
    [3, 7],
    [1, 2, 3, 4],
    [3, 4, 3, 4],
  ])
  for (const [i, u] of values[4]!.entries()) expect(values[5]![i]).toBeCloseTo(u + 4, 5)
  expect(loaded).toBe(6)
})

test('a called function stands where it was called, with the variables of then', async () => {
  const { counts, executor } = counted()
  const kept = keepPrograms(executor)
  const scale = variable(tensor([2]))
  const scaled = (x: Tensor): Tensor => mul(x, scale)
  const run = async (): Promise<number[]> => {
    const lazy = new Lazy(kept)
    const x = tensor([1, 10])
    await lazy.ready(scaled, [x])
    // Each call takes what stands before it and gives to what comes after.
    const made = lazy.record(() => tidy(() => add(lazy.call(scaled, [add(lazy.call(scaled, [x]), 1)]), 0.5)))
    const y = await lazy.compute(made)
    const values = [...(await y.data())]
    dispose([x, made, y])
    await lazy.dispose()
    return values
  }
  await expectNoLeaks(async () => {
    expect(await run()).toEqual([6.5, 42.5])
    const next = tensor([3])
    scale.assign(next)
    next.dispose()
    expect(await run()).toEqual([12.5, 93.5])
  })
  expect(counts).toEqual({ loaded: 1, alive: 1 })
  await kept.dispose()
  expect(counts.alive).toBe(0)
  // What was kept is gone: the next run loads anew.
  expect(await run()).toEqual([12.5, 93.5])
  expect(counts).toEqual({ loaded: 2, alive: 1 })
  await kept.dispose()
  scale.dispose()
})

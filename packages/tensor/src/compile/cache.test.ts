import { expect, test } from 'vitest'
import { add, mul, ones, sum } from '../index'
import { variable } from '../memory'
import { scalar } from '../ops/create'
import type { Tensor } from '../types'
import { compile } from './compile'
import type { Executor } from './executor'
import { reference } from './reference'

/** The reference executor, watched: how often it loads, how many executables are alive, and that none runs after its end. */
function watched() {
  const counts = { loaded: 0, alive: 0, most: 0 }
  const executor: Executor = {
    name: 'watched',
    async load(graph, variables, family) {
      const executable = await reference().load(graph, variables, family)
      let alive = true
      counts.loaded++
      counts.alive++
      counts.most = Math.max(counts.most, counts.alive)
      return {
        ...executable,
        run(inputs, keys) {
          if (!alive) throw new Error('ran after its end')
          return executable.run(inputs, keys)
        },
        async dispose() {
          if (!alive) throw new Error('disposed twice')
          alive = false
          counts.alive--
          await executable.dispose()
        },
      }
    },
  }
  return { counts, executor }
}

const numberOf = async (x: Promise<Tensor>): Promise<number> => (await (await x).data())[0]!

test('keeps the shapes used last, and loads others again', async () => {
  const { counts, executor } = watched()
  const total = compile((x: Tensor) => sum(x), { executor, cache: 2 })
  for (const size of [1, 2, 1, 3]) expect(await numberOf(total(ones([size])))).toBe(size)
  expect(counts).toEqual({ loaded: 3, alive: 2, most: 2 })
  expect(await numberOf(total(ones([1])))).toBe(1)
  expect(counts.loaded).toBe(3)
  expect(await numberOf(total(ones([2])))).toBe(2)
  expect(counts).toEqual({ loaded: 4, alive: 2, most: 2 })
  await total.dispose()
  expect(counts.alive).toBe(0)
})

test.each([1, 2, 8])('keeps variables over evictions and overlapping calls (cache of %i)', async (cache) => {
  const { counts, executor } = watched()
  const w = variable(scalar(0))
  const step = compile(
    (x: Tensor) => {
      w.assign(add(w, sum(x)))
      return mul(w, 1)
    },
    { executor, cache },
  )
  const sizes = [1, 2, 3, 1, 2, 3, 4]
  const results = await Promise.all(sizes.map((size) => numberOf(step(ones([size])))))
  expect(results).toEqual([1, 3, 6, 7, 9, 12, 16])
  await step.pullVariables()
  expect((await w.data())[0]).toBe(16)
  expect(counts.most).toBeLessThanOrEqual(cache)
  await step.dispose()
  expect(counts.alive).toBe(0)
})

test('goes on after a function that could not be traced took the place of another', async () => {
  const { executor } = watched()
  const f = compile(
    (x: Tensor) => {
      if (x.shape[0] === 2) throw new Error('no pairs')
      return sum(x)
    },
    { executor, cache: 1 },
  )
  expect(await numberOf(f(ones([3])))).toBe(3)
  await expect(f(ones([2]))).rejects.toThrow('no pairs')
  expect(await numberOf(f(ones([3])))).toBe(3)
})

test.each([0, 1.5, Number.NaN])('refuses a cache of %d', (cache) => {
  expect(() => compile((x: Tensor) => x, { cache })).toThrow(/^compile: expected cache/)
})

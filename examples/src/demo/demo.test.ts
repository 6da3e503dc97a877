import { expect, it } from 'vitest'
import { main } from './index'
import { holds } from './measure'
import { table } from './terminal'

it('measures every quantity over both processes, and tells an untrained score from a trained one', async () => {
  const tasks = new Set<string>()
  const rows = await main({ steps: 2, samples: 100, progress: (task) => tasks.add(task) })
  expect(tasks.size).toBe(10)
  expect(rows.map(({ group, quantity }) => `${group} ${quantity}`)).toHaveLength(22)
  expect(
    rows.every(({ measured, truth, tolerance }) => [measured, truth, tolerance].every(Number.isFinite)),
  ).toBe(true)
  const fisher = rows.filter(({ quantity }) => quantity.startsWith('Fisher'))
  expect(fisher.map(holds)).toEqual([false, false])
  const text = table(rows)
  for (const { quantity } of rows) expect(text).toContain(quantity)
  expect(text).toContain('✗ missed')
})

it('stops when it is told to', async () => {
  const abort = new AbortController()
  const stopping = main({
    steps: 50,
    signal: abort.signal,
    progress: (_, done) => {
      if (done === 3) abort.abort(new Error('interrupted'))
    },
  })
  await expect(stopping).rejects.toThrow('interrupted')
})

it('counts NaN as a miss', () => {
  expect(holds({ group: '', quantity: '', measured: Number.NaN, truth: 0, tolerance: 1 })).toBe(false)
})

import { expect, test } from 'vitest'
import { first, open } from './hand-written'
import { unetStep } from './hand-written-unet'

test('the gradients written by hand are those of the loss', async () => {
  const { session, feeds, fetches } = await open(unetStep(2), 1)
  const loss = async (): Promise<number> => first(await session.run(feeds, fetches))
  const { y, ...next } = await session.run(feeds, fetches)
  expect(y!.data[0]).toBeGreaterThan(0)
  const slots = Object.entries(next).filter(([name]) => name.startsWith('next_m_'))
  expect(slots.length).toBe(38)
  for (const [name, { data }] of slots) {
    // The first moment begins at 0.
    const gradient = Float64Array.from(data as Float32Array, (value) => value / 0.1)
    const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0))
    const weights = feeds[name.slice('next_m_'.length)]!.data as Float32Array
    const before = weights.slice()
    const along = async (distance: number): Promise<number> => {
      before.forEach((value, i) => {
        weights[i] = value + (distance * gradient[i]!) / (norm || 1)
      })
      return loss()
    }
    const step = Math.min(0.01, 2 / norm)
    const slope = ((await along(step)) - (await along(-step))) / (2 * step)
    weights.set(before)
    expect(Math.abs(slope - norm), name).toBeLessThanOrEqual(2e-3 * norm + 1e-2)
  }
  await session.release()
})

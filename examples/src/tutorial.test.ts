import { expect, it } from 'vitest'
import * as tutorial from './26-tutorial'

it('learns to tell noise from digits, and draws', async () => {
  const found = await tutorial.main({ steps: 40, batch: 16, count: 1, samplingSteps: 2 })
  // A network that is zero misses all of the noise: E‖z‖² = 28².
  expect(found.lossOfZero).toBe(784)
  expect(found.loss).toBeLessThan(0.75 * found.lossOfZero)
  expect(Number.isFinite(found.brightness)).toBe(true)
})

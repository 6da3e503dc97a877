import { expect, it } from 'vitest'
import * as tutorial from './26-tutorial'

it('learns to take noise from digits, and draws', async () => {
  const found = await tutorial.main({ steps: 30, count: 1, samplingSteps: 4 })
  expect(found.lossOfZero).toBe(784)
  console.log(found)
  expect(found.loss).toBeLessThan(found.lossOfZero / 2)
  expect(Number.isFinite(found.brightness)).toBe(true)
})

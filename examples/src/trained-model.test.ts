import { expect, it } from 'vitest'
import { main } from './31-trained-model'

it('a trained model is sampled with half the evaluations, judges images, completes and enlarges them', async () => {
  const found = await main({ count: 2, evaluations: [10, 20], reference: 50, tolerance: 0.1 })
  expect(found.uniPC[1]!).toBeLessThan(found.euler[1]! / 2)
  expect(found.bitsPerDim[0]!).toBeLessThan(found.bitsPerDim[1]!)
  // Between two digits there is as much ink as in a digit.
  expect(found.between).toBeGreaterThan(0.08)
  expect(found.between).toBeLessThan(0.3)
  expect(found.inpainting).toBeGreaterThan(found.unpainted)
  // What is seen stays, in root mean square, to some times the noise that it was said to have.
  expect(found.kept).toBeLessThan(0.05)
  expect(found.superResolution).toBeGreaterThan(found.bicubic)
})

import { glyphs, images } from '@sgm/data'
import { key, uniform } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { judge } from './judge'

const train = glyphs({ count: 400, key: key(1) })
const test = glyphs({ count: 100, key: key(2) })

it('tells fresh images of the same kind from noise', async () => {
  const samples = {
    fresh: await images(glyphs({ count: 100, key: key(3) })),
    noise: uniform(key(4), [100, 28, 28, 1]),
  }
  const { accuracy, judgements } = await judge({ train, test, samples, steps: 80 })
  expect(accuracy).toBeGreaterThan(0.7)
  const [real, training, fresh, noise] = judgements
  expect(real!.classes.reduce((a, b) => a + b)).toBeCloseTo(1)
  expect(training!.confidence).toBeGreaterThan(0.5)
  expect(noise!.distance!).toBeGreaterThan(5 * fresh!.distance!)
})

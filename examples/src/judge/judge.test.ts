import { glyphs, images } from '@sgm/data'
import { key, uniform } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { judge } from './judge'
import { inUnitRange } from './unit-range'

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

it('cuts digits to [0, 1] that leave it by a little, and refuses those of another range', async () => {
  const digits = (await (await images(glyphs({ count: 20, key: key(3) }))).data()) as Float32Array
  const drawn = digits.map((value, i) => (i % 7 === 0 ? 1.04 * value - 0.02 : value))
  for (const [i, value] of inUnitRange(drawn).entries()) {
    expect(value).toBe(Math.min(1, Math.max(0, drawn[i]!)))
  }
  expect(() => inUnitRange(drawn.map((value) => 2 * value - 1))).toThrow(/in \[0, 1\], got a mean of -0\.\d/)
  expect(() => inUnitRange(Float32Array.of(Number.NaN))).toThrow('got a mean of NaN')
})

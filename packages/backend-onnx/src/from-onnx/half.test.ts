import { widenHalf } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { narrowHalf } from './half'

describe('narrowHalf', () => {
  // NumPy 2.4.6: np.array([…], np.float32).astype(np.float16).view(np.uint16)
  it.each([
    [1.0, 15360],
    [-2.0, 49152],
    [0.10000000149011612, 11878],
    [0.3333333432674408, 13653],
    [65504.0, 31743],
    [65519.0, 31743],
    [65520.0, 31744],
    [-1000000000.0, 64512],
    [6.0999998822808266e-5, 1023],
    [5.999999848427251e-5, 1007],
    [5.99999978589949e-8, 1],
    [2.900000062311392e-8, 0],
    [2.999999892949745e-8, 1],
    [2049.0, 26624],
    [2051.0, 26626],
    [1.00048828125, 15360],
    [0.999755859375, 15360],
    [0.0, 0],
  ])('makes %d the word %d, as NumPy', (value, word) => {
    expect(narrowHalf([value])[0]).toBe(word)
  })

  it('gives every float16 back', () => {
    const words = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (word) => (word & 0x7c00) !== 0x7c00,
    )
    expect(narrowHalf(widenHalf(words))).toEqual(words)
  })
})

import { key } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { type GlyphOptions, glyphs } from './glyphs'

const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i)
const draw = (options: GlyphOptions) => glyphs(options).bytes(all(options.count)) as Uint8Array

describe('glyphs', () => {
  it('draws image i of the key and i alone', () => {
    const many = glyphs({ count: 60, key: key(0) })
    const few = glyphs({ count: 7, key: key(0) })
    expect(few.labels).toEqual(many.labels!.slice(0, 7))
    expect(few.bytes(all(7))).toEqual(many.bytes(all(7)))
    const picked = many.bytes(Int32Array.of(41, 3, 3)) as Uint8Array
    for (const [i, index] of [41, 3, 3].entries()) {
      expect(picked.slice(i * 784, (i + 1) * 784)).toEqual(many.bytes(Int32Array.of(index)))
    }
    expect(draw({ count: 7, key: key(1) })).not.toEqual(few.bytes(all(7)))
  })

  it('gives the same bytes wherever JavaScript runs', () => {
    let hash = 0x811c9dc5
    for (const byte of draw({ count: 200, key: key(0) })) hash = Math.imul(hash ^ byte, 0x01000193)
    expect(hash >>> 0).toBe(3239650357)
  })

  it('draws every class equally often', () => {
    const counts = new Float64Array(10)
    const { labels, classes } = glyphs({ count: 10_000, key: key(2) })
    for (const label of labels!) counts[label]! += 1
    const squared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(squared).toBeLessThan(27.9) // the 0.999 quantile of chi-squared with 9 degrees of freedom
    expect(classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  })

  it('inks about as much as MNIST, in the middle', () => {
    const bytes = draw({ count: 1000, key: key(3) })
    let total = 0
    for (let i = 0; i < 1000; i++) {
      const image = bytes.subarray(i * 784, (i + 1) * 784)
      const coverage = image.reduce((sum, byte) => sum + byte, 0) / (255 * 784)
      expect(coverage).toBeGreaterThan(0.02)
      expect(coverage).toBeLessThan(0.32)
      expect(Math.max(...image)).toBe(255)
      const edge = image.filter((_, at) => at < 28 || at >= 756 || at % 28 === 0 || at % 28 === 27)
      expect(Math.max(...edge)).toBe(0)
      total += coverage
    }
    expect(Math.abs(total / 1000 - 0.1307)).toBeLessThan(0.02)
  })

  it('draws classes that the nearest mean image tells apart', () => {
    const { labels, ...set } = glyphs({ count: 3000, key: key(4) })
    const bytes = set.bytes(all(3000)) as Uint8Array
    const means = Array.from({ length: 10 }, () => new Float64Array(784))
    const counts = new Float64Array(10)
    for (let i = 0; i < 2000; i++) {
      counts[labels![i]!]! += 1
      for (let j = 0; j < 784; j++) means[labels![i]!]![j]! += bytes[i * 784 + j]!
    }
    let right = 0
    for (let i = 2000; i < 3000; i++) {
      const distances = means.map((mean, c) =>
        mean.reduce((sum, value, j) => sum + (value / counts[c]! - bytes[i * 784 + j]!) ** 2, 0),
      )
      if (distances.indexOf(Math.min(...distances)) === labels![i]) right += 1
    }
    expect(right).toBeGreaterThan(800)
  })

  it('writes the same at every size', () => {
    const small = draw({ count: 50, key: key(5), size: 28 })
    const large = draw({ count: 50, key: key(5), size: 112 })
    let difference = 0
    for (let i = 0; i < small.length; i++) {
      const [image, row, column] = [Math.floor(i / 784), Math.floor(i / 28) % 28, i % 28]
      let sum = 0
      for (let y = 0; y < 4; y++) {
        for (let x = 0; x < 4; x++) sum += large[(image * 112 + 4 * row + y) * 112 + 4 * column + x]!
      }
      difference += Math.abs(sum / 16 - small[i]!)
    }
    expect(difference / small.length).toBeLessThan(0.01 * 255)
  })

  it('mixes two colours, one dark and one light, by the ink', () => {
    const grey = draw({ count: 40, key: key(6) })
    const colour = draw({ count: 40, key: key(6), channels: 3 })
    let darkPaper = 0
    for (let i = 0; i < 40; i++) {
      const at = (pixel: number) => [0, 1, 2].map((c) => colour[(i * 784 + pixel) * 3 + c]!)
      const ink = grey.subarray(i * 784, (i + 1) * 784)
      const [paper, pen] = [at(0), at(ink.indexOf(255))]
      const contrast = Math.max(...pen) - Math.max(...paper)
      expect(Math.abs(contrast)).toBeGreaterThan(0.39 * 255)
      if (contrast > 0) darkPaper += 1
      let error = 0
      for (let pixel = 0; pixel < 784; pixel++) {
        for (const [c, value] of at(pixel).entries()) {
          const mixed = paper[c]! + (ink[pixel]! / 255) * (pen[c]! - paper[c]!)
          error = Math.max(error, Math.abs(value - mixed))
        }
      }
      expect(error).toBeLessThan(2)
    }
    expect(darkPaper).toBeGreaterThan(8)
    expect(darkPaper).toBeLessThan(32)
  })

  it('checks its options', () => {
    expect(() => glyphs({ count: 0, key: key(0) })).toThrow(
      'glyphs: expected count to be an integer >= 1, got 0',
    )
    expect(() => glyphs({ count: 1, key: key(0), size: 7 })).toThrow(
      'glyphs: expected size to be an integer >= 8, got 7',
    )
    expect(() => glyphs({ count: 1, key: key(0), channels: 2 as 1 })).toThrow(
      'glyphs: expected channels to be 1 or 3, got 2',
    )
    expect(() => glyphs({ count: 2, key: key(0) }).bytes(Int32Array.of(2))).toThrow(
      'glyphs: expected indices in [0, 2), got 2',
    )
  })
})

import { key } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { phantoms } from './phantoms'
import { sheppLogan } from './shepp-logan'

const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i)

describe('sheppLogan', () => {
  it('has the grey values of its ellipses', async () => {
    const size = 400
    const image = await sheppLogan({ size }).data()
    const at = (x: number, y: number) =>
      image[Math.floor((size * (1 - y)) / 2) * size + Math.floor((size * (x + 1)) / 2)]
    // Sums of the published table's values at points inside of some ellipses each.
    for (const [x, y, value] of [
      [-0.9, 0.9, 0],
      [0, 0.9, 1],
      [0, -0.91, 1],
      [0, 0, 0.2],
      [0.22, 0, 0],
      [-0.22, 0.1, 0],
      [0.25, 0.25, 0],
      [0, 0.5, 0.3],
      [0, 0.12, 0.4],
      [0, -0.1, 0.3],
      [-0.08, -0.605, 0.3],
      [0, -0.606, 0.3],
      [0.06, -0.605, 0.3],
    ] as const) {
      expect(at(x, y), `at (${x}, ${y})`).toBeCloseTo(value, 6)
    }
  })

  it.each([32, 65, 256])('covers the areas of its ellipses at %d pixels', async (size) => {
    const image = await sheppLogan({ size }).data()
    const total = Array.from(image).reduce((sum, value) => sum + value, 0) * (2 / size) ** 2
    // π Σ value · a · b: nothing is cut, since no point is darker than 0 or lighter than 1.
    const areas =
      0.69 * 0.92 - 0.8 * 0.6624 * 0.874 - 0.2 * (0.11 * 0.31 + 0.16 * 0.41) +
      0.1 * (0.21 * 0.25 + 2 * 0.046 ** 2 + 2 * 0.046 * 0.023 + 0.023 ** 2) // biome-ignore format: a sum
    expect(Math.abs(total / (Math.PI * areas) - 1)).toBeLessThan(0.02)
  })
})

describe('phantoms', () => {
  const draw = (count: number, seed: number, size = 32) =>
    phantoms({ count, key: key(seed), size }).bytes(all(count)) as Uint8Array

  it('draws image i of the key and i alone', () => {
    const many = phantoms({ count: 40, key: key(0), size: 32 })
    expect(phantoms({ count: 7, key: key(0) }).labels).toEqual(many.labels!.slice(0, 7))
    expect(draw(7, 0)).toEqual((many.bytes(all(40)) as Uint8Array).slice(0, 7 * 1024))
    expect(many.bytes(Int32Array.of(31, 2))).toEqual(
      Uint8Array.from([
        ...(many.bytes(Int32Array.of(31)) as Uint8Array),
        ...(many.bytes(Int32Array.of(2)) as Uint8Array),
      ]),
    )
    expect(draw(7, 1)).not.toEqual(draw(7, 0))
  })

  it('gives the same bytes wherever JavaScript runs', () => {
    let hash = 0x811c9dc5
    for (const byte of draw(50, 0)) hash = Math.imul(hash ^ byte, 0x01000193)
    expect(hash >>> 0).toBe(2932657109)
  })

  it('leaves what lies outside the inscribed circle black, and draws something inside', () => {
    const bytes = draw(200, 2)
    for (let i = 0; i < 200; i++) {
      const image = bytes.subarray(i * 1024, (i + 1) * 1024)
      const outside = image.filter((_, at) => Math.hypot((at % 32) - 15.5, Math.floor(at / 32) - 15.5) > 16)
      expect(Math.max(...outside)).toBe(0)
      const inked = image.filter((byte) => byte > 0).length
      expect(inked).toBeGreaterThan(0.15 * 1024)
      expect(new Set(image).size).toBeGreaterThan(4)
    }
  })

  it('shows the same at every size', () => {
    const [small, large] = [draw(20, 3, 32), draw(20, 3, 128)]
    let difference = 0
    for (let i = 0; i < small.length; i++) {
      const [image, row, column] = [Math.floor(i / 1024), Math.floor(i / 32) % 32, i % 32]
      let sum = 0
      for (let y = 0; y < 4; y++) {
        for (let x = 0; x < 4; x++) sum += large[(image * 128 + 4 * row + y) * 128 + 4 * column + x]!
      }
      difference += Math.abs(sum / 16 - small[i]!)
    }
    expect(difference / small.length).toBeLessThan(0.01 * 255)
  })

  it('draws both kinds equally often', () => {
    const { labels, classes } = phantoms({ count: 10_000, key: key(4) })
    expect(classes).toEqual(['ellipses', 'shepp-logan'])
    const heads = Array.from(labels!).reduce((a, b) => a + b, 0)
    expect(Math.abs(heads - 5000)).toBeLessThan(5 * 50)
  })

  it('checks its options', () => {
    expect(() => phantoms({ count: 0, key: key(0) })).toThrow(
      'phantoms: expected count to be an integer >= 1',
    )
    expect(() => phantoms({ count: 1, key: key(0), size: 7 })).toThrow(
      'phantoms: expected size to be an integer >= 8, got 7',
    )
    expect(() => sheppLogan({ size: 0 })).toThrow('sheppLogan: expected size to be an integer >= 8, got 0')
  })
})

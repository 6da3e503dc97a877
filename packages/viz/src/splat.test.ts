import { describe, expect, it } from 'vitest'
import { splat } from './splat'

const bounds = { width: 60, height: 50 }
/** How opaque each pixel is. */
const drawn = (...arguments_: Parameters<typeof splat>) => {
  const { pixels, ...box } = splat(...arguments_)
  return { ...box, alpha: pixels.filter((_, i) => i % 4 === 3) }
}
const total = (alpha: ArrayLike<number>) => Array.from(alpha).reduce((a, b) => a + b, 0) / 255

describe('splat', () => {
  it('covers the area of a disc, about its centre', () => {
    for (const [x, y, radius] of [
      [30, 25, 6],
      [30.3, 24.7, 3.4],
      [20.9, 20.1, 1],
    ] as const) {
      const { left, top, width, alpha } = drawn({ centres: [x, y], radius }, bounds)
      expect(total(alpha) / (Math.PI * radius ** 2)).toBeCloseTo(1, 1)
      let [mx, my] = [0, 0]
      alpha.forEach((a, i) => {
        mx += (a * (left + (i % width) + 0.5)) / 255
        my += (a * (top + Math.floor(i / width) + 0.5)) / 255
      })
      expect(Math.abs(mx / total(alpha) - x)).toBeLessThan(0.15)
      expect(Math.abs(my / total(alpha) - y)).toBeLessThan(0.15)
    }
  })

  it('adds up clear discs as paint does', () => {
    const { left, top, width, alpha } = drawn(
      { centres: [30, 25, 30, 25, 30, 25], radius: 5, opacity: 0.4 },
      bounds,
    )
    expect(alpha[(25 - top) * width + (30 - left)]! / 255).toBeCloseTo(1 - 0.6 ** 3, 2)
  })

  it('leaves out what lies outside, or is not finite', () => {
    const half = drawn({ centres: [0, 25, 500, 25, Number.NaN, 1], radius: 8 }, bounds)
    expect(half.left).toBe(0)
    expect(total(half.alpha) / (Math.PI * 32)).toBeCloseTo(1, 1)
    expect(drawn({ centres: [], radius: 8 }, bounds)).toMatchObject({ width: 0, height: 0 })
    expect(drawn({ centres: [-100, -100], radius: 8 }, bounds).width).toBe(0)
  })
})

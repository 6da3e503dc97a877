import { key, uniformValues } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { geometricAugmentation, moved, transformation } from './geometric-augmentation'

const count = 2000
const shape = [32, 16, 1] as const
const draws = Array.from({ length: count }, (_, i) => uniformValues(key(i), geometricAugmentation().draws))

/** The map from image to result that the nine numbers tell, from their definitions. */
function forwards(told: readonly number[], x: number, y: number): [number, number] {
  const [mirrorX, mirrorY, zoom, cos, sin, a, b, right, down] = told as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  let [u, v] = [mirrorX ? -x : x, mirrorY ? -y : y]
  const size = 2 ** (0.2 * zoom)
  ;[u, v] = [size * u, size * v]
  ;[u, v] = [(1 + cos) * u - sin * v, sin * u + (1 + cos) * v]
  const strength = Math.hypot(a, b)
  if (strength > 0) {
    // By 2^(0.2 n) along an axis, and back across it.
    const axis = Math.atan2(b, a) / 2
    const [dx, dy] = [Math.cos(axis), Math.sin(axis)]
    const [along, across] = [u * dx + v * dy, v * dx - u * dy]
    const [p, q] = [along * 2 ** (0.2 * strength), across / 2 ** (0.2 * strength)]
    ;[u, v] = [p * dx - q * dy, p * dy + q * dx]
  }
  return [u + (right * shape[1]) / 8, v + (down * shape[0]) / 8]
}

describe('transformation', () => {
  it('tells the map that it makes', () => {
    for (const u of draws) {
      const { told, from } = transformation(u, 1, shape)
      for (const [x, y] of [
        [0, 0],
        [3, -5],
        [-7, 2],
      ] as const) {
        const [u1, v1] = forwards(told, ...from(x, y))
        expect(Math.hypot(u1 - x, v1 - y)).toBeLessThan(1e-9)
      }
    }
  })

  it('happens each with its chance, and is told as 0 where it does not', () => {
    const all = draws.map((u) => transformation(u, 0.25, shape).told)
    const parts = [[0], [1], [2], [3, 4], [5, 6], [7, 8]]
    for (const part of parts) {
      const happened = all.filter((told) => part.some((i) => told[i] !== 0)).length
      expect(Math.abs(happened - count / 4)).toBeLessThan(3.3 * Math.sqrt((count * 3) / 16))
    }
    for (const u of draws.slice(0, 20)) {
      const { told, from } = transformation(u, 0, shape)
      expect(told.every((number) => number === 0)).toBe(true)
      expect(from(3, 4)).toEqual([3, 4])
    }
  })

  it('scales and shifts by normal amounts, and turns by any angle', () => {
    const all = draws.map((u) => transformation(u, 1, shape).told)
    const normal = [2, 7, 8].map((i) => all.map((told) => told[i]!))
    const stretch = all.map((told) => Math.hypot(told[5]!, told[6]!) ** 2)
    for (const values of normal) {
      expect(Math.abs(mean(values))).toBeLessThan(3.3 / Math.sqrt(count))
      expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(3.3 * Math.sqrt(2 / count))
    }
    expect(Math.abs(mean(stretch) - 1)).toBeLessThan(3.3 * Math.sqrt(2 / count))
    const turns = all.map((told) => Math.atan2(told[4]!, 1 + told[3]!) / (2 * Math.PI) + 0.5)
    turns.sort((a, b) => a - b)
    const distance = Math.max(...turns.map((turn, i) => Math.abs(turn - (i + 0.5) / count)))
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count)) // Kolmogorov–Smirnov, 0.001
  })
})

describe('geometricAugmentation', () => {
  const [height, width] = [5, 7]
  const size = [height, width, 2] as const
  const image = Float32Array.from({ length: height * width * 2 }, (_, i) => Math.sin(i * i))
  const pixel = (values: Float32Array, row: number, column: number) => [
    ...values.subarray(2 * (row * width + column), 2 * (row * width + column) + 2),
  ]

  it('changes no bit of an image where nothing is told', () => {
    const { image: same, told } = geometricAugmentation({ chance: 0 }).alter(image, size, draws[0]!)
    expect(same).toBe(image)
    expect(told.every((number) => number === 0)).toBe(true)
    expect(geometricAugmentation({ chance: 1 }).alter(image, size, draws[0]!).image).not.toEqual(image)
    expect(() => geometricAugmentation({ chance: 1.5 })).toThrow('chance in [0, 1], got 1.5')
  })

  it('takes pixels from where it says, beyond the edges as a mirror shows them', () => {
    const shifted = moved(image, (x, y) => [x - 2, y + 1], size)
    const turned = moved(image, (x, y) => [-x, -y], size)
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [i, j] = [row + 1 < height ? row + 1 : height - 1, column >= 2 ? column - 2 : 1 - column]
        expect(pixel(shifted, row, column)).toEqual(pixel(image, i, j))
        expect(pixel(turned, row, column)).toEqual(pixel(image, height - 1 - row, width - 1 - column))
      }
    }
  })

  it('is exact for what is linear between pixels', () => {
    const plane = (x: number, y: number): number => 0.5 + 0.1 * x - 0.2 * y
    const side = 9
    const flat = Float32Array.from({ length: side * side }, (_, i) =>
      plane((i % side) - 4, Math.floor(i / side) - 4),
    )
    const from = (x: number, y: number) => [0.6 * x + 0.3 * y + 0.25, 0.2 * x - 0.5 * y - 0.4] as const
    const result = moved(flat, from, [side, side, 1])
    for (const [i, value] of result.entries()) {
      const [x, y] = from((i % side) - 4, Math.floor(i / side) - 4)
      expect(value).toBeCloseTo(plane(x, y), 5)
    }
  })
})

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

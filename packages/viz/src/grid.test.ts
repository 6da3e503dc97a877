import { tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { grid, readScalars, readVectors } from './grid'

describe('grid', () => {
  it('has its points in rows from the lower left corner', () => {
    const { points, shape, xs, ys, columns, rows } = grid({ x: [0, 2], y: [-1, 1], size: [3, 2] })
    expect([...points]).toEqual([0, -1, 1, -1, 2, -1, 0, 1, 1, 1, 2, 1])
    expect(shape).toEqual([6, 2])
    expect([...xs]).toEqual([0, 1, 2, 0, 1, 2])
    expect([...ys]).toEqual([-1, -1, -1, 1, 1, 1])
    expect([columns, rows]).toEqual([3, 2])
  })

  it('refuses ranges without room, and sizes that are no numbers of points', () => {
    expect(() => grid({ x: [1, 1] })).toThrow(
      'grid: expected x to be [low, high] with low < high, got [1, 1]',
    )
    expect(() => grid({ x: [0, 1], y: [0, Number.NaN] })).toThrow('grid: expected y to be [low, high]')
    expect(() => grid({ size: 1 })).toThrow('grid: expected size[0] to be an integer >= 2, got 1')
    expect(() => grid({ size: [5, 2.5] })).toThrow('grid: expected size[1] to be an integer >= 2, got 2.5')
  })
})

describe('fields on a grid', () => {
  const plane = grid({ x: [0, 1], size: 2 })

  it('come from functions, tensors and arrays alike', async () => {
    const wanted = [0, 1, 10, 11]
    for (const source of [
      (x: number, y: number) => x + 10 * y,
      tensor(wanted),
      tensor(wanted, [4, 1]),
      wanted,
    ]) {
      expect(Array.from(await readScalars('f', plane, source))).toEqual(wanted)
    }
    const vectors = [0, 0, 1, 0, 0, 1, 1, 1]
    for (const source of [(x: number, y: number) => [x, y] as const, tensor(vectors, [4, 2]), plane.points]) {
      expect(Array.from(await readVectors('f', plane, source))).toEqual(vectors)
    }
  })

  it('need one entry a point', async () => {
    await expect(readScalars('heatmap', plane, [1, 2, 3])).rejects.toThrow(
      'heatmap: expected 4 numbers for values on the grid, got shape [3]',
    )
    await expect(readVectors('quiver', plane, [1, 2, 3, 4])).rejects.toThrow(
      'quiver: expected 8 numbers for vectors on the grid, got shape [4]',
    )
    await expect(readScalars('heatmap', undefined as never, [1])).rejects.toThrow(
      'heatmap: expected a grid first, got undefined',
    )
  })

  it('need a grid whose points and sizes agree', async () => {
    const one = () => 1
    for (const columns of [Number.POSITIVE_INFINITY, 2 ** 53, 0.5, '2']) {
      await expect(readScalars('contours', { ...plane, columns: columns as number }, one)).rejects.toThrow(
        'contours: expected columns of the grid to be an integer',
      )
    }
    await expect(readScalars('contours', { ...plane, rows: 3 }, one)).rejects.toThrow(
      'contours: expected 6 points of the grid, got [4, 4, 4]',
    )
    await expect(readScalars('contours', { ...plane, x: [1, 1] }, one)).rejects.toThrow(
      'contours: expected x of the grid to be [low, high] with low < high, got [1, 1]',
    )
  })
})

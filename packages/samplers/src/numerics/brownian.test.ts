import { describe, expect, it } from 'vitest'
import { brownianPaths } from './brownian'

const at = (...times: number[]) => Float64Array.from(times)
const round = (values: ArrayLike<number>) => Array.from(values, (v) => Math.round(v * 1e5) / 1e5)

describe('brownianPaths', () => {
  it('draws fresh increments of the step’s variance, none for an empty step', () => {
    const paths = brownianPaths(3, 2)
    const increments = paths.advance(at(1, 1, 0.5), at(0.75, 0.91, 0.5), [1, -1, 1, 2, 5, 5])
    expect(round(increments)).toEqual([0.5, -0.5, 0.3, 0.6, 0, 0])
  })

  it('bridges what a rejected step has seen, and comes back to it', () => {
    const paths = brownianPaths(1, 1)
    const [whole] = paths.advance(at(1), at(0), [2])
    paths.reject(0)
    const [half] = paths.advance(at(1), at(0.5), [1])
    expect(half).toBeCloseTo(whole! / 2 + 0.5, 6)
    paths.reject(0)
    const [quarter] = paths.advance(at(1), at(0.75), [-1])
    expect(quarter).toBeCloseTo(half! / 2 - Math.sqrt(0.125), 6)
    const [rest] = paths.advance(at(0.75), at(0), [100])
    expect(quarter! + rest!).toBeCloseTo(whole!, 6)
  })

  it('goes on afresh beyond what was seen', () => {
    const paths = brownianPaths(1, 1)
    const [seen] = paths.advance(at(1), at(0.75), [1])
    paths.reject(0)
    const [both] = paths.advance(at(1), at(0.5), [2])
    expect(both! - seen!).toBeCloseTo(1, 6)
    paths.reject(0)
    expect(paths.advance(at(1), at(0.75), [9])[0]).toBe(seen)
  })
})

import { describe, expect, it } from 'vitest'
import { integrate } from './quadrature'

describe('integrate', () => {
  it.each<[string, (x: number) => number, number, number, number]>([
    ['a polynomial of degree 22 in one rule', (x) => 23 * x ** 22, 0, 1, 1],
    ['eˣ', Math.exp, -1, 2, Math.exp(2) - Math.exp(-1)],
    ['a sharp peak', (x) => 1 / (1e-6 + x * x), -1, 1, 2e3 * Math.atan(1e3)],
    ['an integrable singularity', (x) => 1 / Math.sqrt(x), 0, 1, 2],
    ['an integral of 0', Math.sin, -3, 3, 0],
    ['a reversed interval', (x) => x, 1, 0, -0.5],
  ])('finds the integral of %s', (_, f, a, b, exact) => {
    expect(Math.abs(integrate('mine', f, a, b) - exact)).toBeLessThan(1e-11 * Math.max(1, Math.abs(exact)))
  })

  it('refuses what is smooth nowhere, and does not halve it without end', () => {
    let calls = 0
    const jumps = () => (calls++ % 2 === 0 ? 1 : -1) * (calls % 7)
    expect(() => integrate('mine', jumps, 0, 1)).toThrow('mine: expected convergence in')
    expect(calls).toBeLessThan(400_000)
  })

  it('refuses what has no integral', () => {
    expect(() => integrate('mine', (x) => 1 / x, 0, 1)).toThrow('mine: expected convergence')
    expect(() => integrate('mine', () => Number.NaN, 0, 1)).toThrow(
      'mine: expected finite values in [0, 1], got NaN',
    )
  })
})

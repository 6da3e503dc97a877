import { expect } from 'vitest'

/** What `program` gives. */
export interface Result {
  readonly points: number[]
  readonly firstSample: number
  readonly backend: string
  readonly losses: number[]
  readonly equal: boolean[]
  readonly curvature: number
}

/** The README's points lie about its two means; a network learns; weights come back as they were. */
export function expectResult(result: Result, backend?: string): void {
  expect(result).not.toHaveProperty('error')
  const { points, losses, equal, curvature } = result
  expect(points).toHaveLength(16)
  for (let i = 0; i < 16; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!]
    expect(Math.hypot(Math.abs(x) - 5, Math.abs(y) - 5)).toBeLessThan(4)
    expect(Math.sign(x)).toBe(Math.sign(y))
  }
  // A network that says nothing of the noise has a loss of 1.
  expect(losses[1]).toBeLessThan(0.6)
  expect(equal.length).toBeGreaterThan(4)
  expect(equal).not.toContain(false)
  // tanh″(1), which tfjs alone does not give: bundlers leave in what repairs its gradients.
  expect(curvature).toBeCloseTo(-0.6397, 4)
  if (backend) expect(result.backend).toBe(backend)
}

type Point = readonly [x: number, y: number]

/** Where the score leads from a point with noise of deviation σ: the mean of the modes that it may have come from. */
export type Leads = (x: number, y: number, sigma: number) => Point

/**
 * Of a mixture of equal round modes, in closed form: the score of the noised mixture at a point is (where it leads − the
 * point)/(width² + σ²).
 */
export function leadsOf(modes: readonly Point[], width: number): Leads {
  const distances = new Float64Array(modes.length)
  return (x, y, sigma) => {
    let nearest = Number.POSITIVE_INFINITY
    for (let i = 0; i < modes.length; i++) {
      const [mx, my] = modes[i]!
      distances[i] = (x - mx) ** 2 + (y - my) ** 2
      nearest = Math.min(nearest, distances[i]!)
    }
    let [total, sumX, sumY] = [0, 0, 0]
    for (let i = 0; i < modes.length; i++) {
      const weight = Math.exp((nearest - distances[i]!) / (2 * (width ** 2 + sigma ** 2)))
      total += weight
      sumX += weight * modes[i]![0]
      sumY += weight * modes[i]![1]
    }
    return [sumX / total, sumY / total]
  }
}

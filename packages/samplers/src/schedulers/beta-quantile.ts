import { integrate } from '../numerics/polynomial'

/**
 * The quantile of the Beta(a, a) distribution, a in (0, 1], at p in [0, 1], by bisection of its distribution function.
 *
 * With x = sin² θ and θ = w^k, k = 1/(2a − 1) or 5, the density has no singularity that quadrature would see.
 */
export function betaQuantile(a: number, p: number): number {
  if (p > 0.5) return 1 - betaQuantile(a, 1 - p)
  const whole = mass(a, Math.PI / 4)
  let [low, high] = [0, Math.PI / 4]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (mass(a, middle) < 2 * p * whole) low = middle
    else high = middle
  }
  return Math.sin((low + high) / 2) ** 2
}

/** The mass below sin² θ, up to a factor. */
function mass(a: number, theta: number): number {
  const density = (w: number): number => Math.sin(2 * w ** 5) ** (2 * a - 1) * w ** 4
  const end = theta ** (1 / 5)
  const parts = 4
  return Array.from({ length: parts }, (_, i) =>
    integrate(density, (end * i) / parts, (end * (i + 1)) / parts),
  ).reduce((sum, part) => sum + part, 0)
}

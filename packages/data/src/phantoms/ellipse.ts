/**
 * An ellipse of a phantom, in coordinates that run from −1 to 1 over the image, x to the right and y upward.
 *
 * `[value, a, b, x, y, cos, sin]`: what it adds to the pixels inside, its semi-axes, its centre, and the direction of its first axis.
 */
export type Ellipse = readonly [
  value: number,
  a: number,
  b: number,
  x: number,
  y: number,
  cos: number,
  sin: number,
]

/**
 * Adds an ellipse to an image `[size, size]`: full inside, falling linearly to none over the width of a pixel.
 *
 * Everything is +, −, ×, ÷ and √, so that the numbers are the same wherever JavaScript runs.
 */
export function addEllipse(image: Float64Array, size: number, [value, a, b, x, y, cos, sin]: Ellipse): void {
  const pixel = 2 / size
  for (let row = 0; row < size; row++) {
    const dy = 1 - (row + 0.5) * pixel - y
    for (let column = 0; column < size; column++) {
      const dx = (column + 0.5) * pixel - 1 - x
      const u = (cos * dx + sin * dy) / a
      const v = (cos * dy - sin * dx) / b
      // The distance to the edge, to first order: (1 − f)/|∇f| of f = √(u² + v²).
      const f = Math.sqrt(u * u + v * v)
      const slope = Math.sqrt((u / a) * (u / a) + (v / b) * (v / b)) / f
      const coverage = f === 0 ? 1 : 0.5 + (1 - f) / (slope * pixel)
      image[row * size + column]! += value * Math.min(1, Math.max(0, coverage))
    }
  }
}

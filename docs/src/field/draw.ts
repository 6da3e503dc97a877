import { bare, grid, type Picture, quiver, scatter, type Theme, themes } from '@sgm/viz'
import { type Cloud, leads, WIDTH } from './cloud'

/** What the picture shows of the plane. */
const [HALF_WIDTH, HALF_HEIGHT] = [4.1, 1.9]
/** An arrow every 0.4. */
const plane = grid({ x: [-4, 4], y: [-1.6, 1.6], size: [21, 9] })
/** The radius of a point. */
const RADIUS = 0.028

export interface Colors {
  readonly background: string
  readonly points: string
  readonly arrows: string
}

/**
 * Points over arrows of the score, whose length says how many deviations they lead away.
 *
 * @param width Pixels.
 */
export function pictureOf({ points, sigma }: Cloud, colors: Colors, width: number): Promise<Picture> {
  const theme: Theme = { ...themes.light, background: colors.background }
  const arrow = (x: number, y: number): [number, number] => {
    const [toX, toY] = leads(x, y, sigma)
    const far = Math.hypot(toX - x, toY - y)
    const length = Math.tanh(far / (2 * Math.hypot(WIDTH, sigma))) / far
    return [length * (toX - x), length * (toY - y)]
  }
  const radius = Math.max(1, (RADIUS * width) / (2 * HALF_WIDTH))
  return bare(
    [
      quiver(plane, arrow, { across: plane.columns, reference: 1, strokeWidth: 1, color: colors.arrows }),
      scatter(points, { radius, opacity: 1, color: colors.points }),
    ],
    { theme, width, x: [-HALF_WIDTH, HALF_WIDTH], y: [-HALF_HEIGHT, HALF_HEIGHT] },
  )
}

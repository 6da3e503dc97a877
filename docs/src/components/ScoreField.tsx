import type { ReactNode } from 'react'
import styles from './ScoreField.module.css'

type Point = readonly [x: number, y: number]

/** The mixture ⅕ N(a, I) + ⅘ N(b, I). */
const modes: readonly { weight: number; mean: Point }[] = [
  { weight: 0.2, mean: [-4.2, -1.1] },
  { weight: 0.8, mean: [3.6, 1.0] },
]
const [width, height] = [8.4, 4]

/** ∇ log p(x) = Σ rᵢ(x)(μᵢ − x), with rᵢ the posterior weight of mode i. */
function score([x, y]: Point): Point {
  const logs = modes.map(({ weight, mean: [a, b] }) => Math.log(weight) - ((x - a) ** 2 + (y - b) ** 2) / 2)
  const top = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - top))
  const total = weights.reduce((sum, w) => sum + w, 0)
  return modes.reduce<Point>(
    ([u, v], { mean: [a, b] }, i) => [
      u + (weights[i]! / total) * (a - x),
      v + (weights[i]! / total) * (b - y),
    ],
    [0, 0],
  )
}

function arrow([x, y]: Point): string {
  const [u, v] = score([x, y])
  const norm = Math.hypot(u, v)
  const length = (0.62 * norm) / (1 + norm)
  const [du, dv] = [(u / (norm || 1)) * length, (v / (norm || 1)) * length]
  const [tipX, tipY] = [x + du / 2, y + dv / 2]
  const barb = (side: number) =>
    `${f(tipX - 0.34 * du - side * 0.2 * dv)} ${f(tipY - 0.34 * dv + side * 0.2 * du)}`
  return `M${f(x - du / 2)} ${f(y - dv / 2)}L${f(tipX)} ${f(tipY)}M${barb(1)}L${f(tipX)} ${f(tipY)}L${barb(-1)}`
}

/** Points of N(mean, I) at the quantiles of a golden-angle spiral: an even picture of a Gaussian. */
function cloud({ weight, mean: [a, b] }: (typeof modes)[number], total: number): Point[] {
  const count = Math.round(weight * total)
  return Array.from({ length: count }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - (i + 0.5) / count))
    const angle = i * Math.PI * (3 - Math.sqrt(5))
    return [a + radius * Math.cos(angle), b + radius * Math.sin(angle)]
  })
}

const f = (value: number) => value.toFixed(2)

const grid = Array.from(
  { length: 21 * 10 },
  (_, i): Point => [((i % 21) - 10) * 0.8, (Math.floor(i / 21) - 4.5) * 0.8],
)
const arrows = grid.map(arrow).join('')
const points = modes
  .flatMap((mode) => cloud(mode, 240))
  .filter(([x, y]) => Math.abs(x) < width && Math.abs(y) < height)

/** The score field of a two-Gaussian mixture over points drawn from it. */
export default function ScoreField({ title }: { title: string }): ReactNode {
  return (
    <svg
      className={styles.field}
      viewBox={`${-width} ${-height} ${2 * width} ${2 * height}`}
      role="img"
      aria-label={title}
    >
      <g className={styles.points}>
        {points.map(([x, y]) => (
          <circle key={`${x},${y}`} cx={f(x)} cy={f(y)} r={0.055} />
        ))}
      </g>
      <path className={styles.arrows} d={arrows} />
    </svg>
  )
}

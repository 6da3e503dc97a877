import { type Cloud, leads, WIDTH } from './cloud'

/** What the canvas shows of the plane: half its width and half its height. */
const HALF = { x: 4.1, y: 1.9 }
/** Between two arrows. */
const CELL = 0.4

export interface Colors {
  readonly points: string
  readonly arrows: string
}

/** Draws points over arrows of the score, whose length says how many deviations they lead away. */
export function drawCloud(canvas: HTMLCanvasElement, { points, sigma }: Cloud, colors: Colors): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const { width, height } = canvas
  const scale = Math.min(width / (2 * HALF.x), height / (2 * HALF.y))
  const px = (x: number) => width / 2 + scale * x
  const py = (y: number) => height / 2 - scale * y
  context.clearRect(0, 0, width, height)

  context.strokeStyle = colors.arrows
  context.lineWidth = Math.max(1, scale * 0.015)
  context.beginPath()
  const [across, up] = [Math.ceil(width / scale / CELL / 2), Math.ceil(height / scale / CELL / 2)]
  for (let i = -across; i <= across; i++) {
    for (let j = -up; j <= up; j++) {
      const [x, y] = [i * CELL, j * CELL]
      const [toX, toY] = leads(x, y, sigma)
      const far = Math.hypot(toX - x, toY - y)
      const length = 0.85 * CELL * Math.tanh(far / (2 * Math.hypot(WIDTH, sigma)))
      const [dx, dy] = [((toX - x) / far) * length, ((toY - y) / far) * length]
      if (length > CELL / 20) arrow(context, [px(x - dx / 2), py(y - dy / 2)], [scale * dx, -scale * dy])
    }
  }
  context.stroke()

  context.fillStyle = colors.points
  const radius = Math.max(1, scale * 0.028)
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath()
    context.arc(px(points[i]!), py(points[i + 1]!), radius, 0, 2 * Math.PI)
    context.fill()
  }
}

type Pair = readonly [number, number]

/** A line from a place, and two short ones back from its end. */
function arrow(context: CanvasRenderingContext2D, [x, y]: Pair, [dx, dy]: Pair): void {
  const [endX, endY] = [x + dx, y + dy]
  context.moveTo(x, y)
  context.lineTo(endX, endY)
  for (const side of [-0.15, 0.15]) {
    context.moveTo(endX, endY)
    context.lineTo(endX - 0.28 * dx - side * dy, endY - 0.28 * dy + side * dx)
  }
}

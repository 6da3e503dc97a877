import { animate, figure, scatter } from '../src'

/** What a run of frames took. */
export interface FrameTimes {
  /** Frames a second. */
  readonly rate: number
  /** Milliseconds of each frame's own work: making the figure, laying it out, drawing it. */
  readonly work: readonly number[]
}

/** Shows so many points on circles, each moving at every frame, for so many seconds. */
async function movingPoints(count: number, seconds: number): Promise<FrameTimes> {
  const canvas = document.body.appendChild(document.createElement('canvas'))
  const points = new Float32Array(2 * count)
  const window = { domain: [-1, 1] as const }
  const work: number[] = []
  let last = 0
  let begun = 0
  const running = animate(canvas, async (now) => {
    if (begun > 0) work.push(drawnAt() - begun)
    if (now >= seconds) running.stop()
    last = now
    begun = performance.now()
    for (let i = 0; i < count; i++) {
      const turn = now + i * 2.399963
      const radius = Math.sqrt(i / count)
      points[2 * i] = radius * Math.cos(turn)
      points[2 * i + 1] = radius * Math.sin(turn)
    }
    return figure([scatter(points)], { x: window, y: window })
  })
  let drawn = 0
  const drawnAt = () => drawn
  const context = canvas.getContext('2d')!
  const restore = context.restore.bind(context)
  // The last call of a drawing puts the context back.
  context.restore = () => {
    restore()
    drawn = performance.now()
  }
  await running.finished
  canvas.remove()
  return { rate: work.length / last, work }
}

Object.assign(window, { movingPoints })

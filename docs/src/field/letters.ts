type Point = readonly [x: number, y: number]

/** An arc of an ellipse, in degrees; a line is one whose ellipse is flat. */
type Arc = readonly [x: number, y: number, across: number, up: number, from: number, to: number]

/** The strokes of "sgm", written as a pen writes them; the height of an "s" is 2. */
const strokes: readonly Arc[] = [
  [0, 0.5, 0.55, 0.5, 35, 270],
  [0, -0.5, 0.55, 0.5, 90, -145],
  [2, 0, 0.75, 1, 40, 320],
  [2.75, -0.2, 0, 1.2, 90, -90],
  [2, -1.4, 0.75, 0.6, 0, -150],
  [3.7, 0, 0, 1, 90, -90],
  [4.25, 0.35, 0.55, 0.65, 180, 0],
  [4.8, -0.3, 0, 0.7, 90, -90],
  [5.35, 0.35, 0.55, 0.65, 180, 0],
  [5.9, -0.3, 0, 0.7, 90, -90],
]

/** Between neighbours of a stroke. */
const SPACING = 0.2
const CENTRE: Point = [2.7, -0.45]

/** Points along the strokes, about the centre of all. */
export const letters: readonly Point[] = strokes.flatMap(([x, y, across, up, from, to]) => {
  const turn = ((to - from) * Math.PI) / 180
  const length = across === 0 ? 2 * up : (Math.abs(turn) * (across + up)) / 2
  const count = Math.round(length / SPACING)
  return Array.from({ length: count + 1 }, (_, i): Point => {
    const share = i / count
    const angle = (from * Math.PI) / 180 + turn * share
    // A line at an even pace.
    const height = across === 0 ? 1 - 2 * share : Math.sin(angle)
    return [x + across * Math.cos(angle) - CENTRE[0], y + up * height - CENTRE[1]]
  })
})

import type { GroupShape, Mark, Paint, Plot, Shape, Theme, Window } from '../types'
import { placed } from './placed'

/** One side of a plot over the other, at most, where both axes have one unit. */
const LONGEST = 100

/** Where marks are drawn, whatever their colours. */
export type Area = Omit<Plot, keyof Paint>

/** The colours of each mark: those of the palette go round. */
export function paintsOf(marks: readonly Mark[], theme: Theme): Paint[] {
  let taken = 0
  return marks.map(({ colors = 0 }) => {
    const first = taken
    taken += colors
    const { palette } = theme
    return {
      theme,
      color: (asked, i = 0) =>
        typeof asked === 'string' ? asked : palette[(asked ?? first + i) % palette.length]!,
    }
  })
}

/** The marks on an area, and nothing beyond it. */
export function drawMarks(marks: readonly Mark[], paints: readonly Paint[], area: Area): GroupShape {
  const drawn = marks.map((mark, i) =>
    group(mark.name, mark.draw({ ...paints[i]!, ...area }).flatMap(placed)),
  )
  return { ...group('marks', drawn), clip: { width: area.width, height: area.height } }
}

/** Shapes under a name, where they are. */
export function group(name: string, shapes: readonly Shape[], x = 0, y = 0): GroupShape {
  return { type: 'group', name, x, y, shapes }
}

/** Height over width, where one unit of x is as long as one of y. */
export function equalRatio({ x, y }: Window): number {
  return Math.min(Math.max((y[1] - y[0]) / (x[1] - x[0]), 1 / LONGEST), LONGEST)
}

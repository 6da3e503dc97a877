import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react'
import type { PlotPlace } from './messages'
import type { Point, PointsOption } from './spec'

const moves: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

/** Where in its picture a plot is. */
export function placeOf({ left, top, width, height }: PlotPlace): CSSProperties {
  return { left: percent(left), top: percent(top), width: percent(width), height: percent(height) }
}

/** The plane of a plot, and what lies where on it. */
export function planeOf({ within: [low, high] }: PointsOption) {
  const inside = (value: number) => Math.min(high, Math.max(low, value))
  const share = (value: number) => (value - low) / (high - low)
  return {
    middle: [(low + high) / 2, (low + high) / 2] as Point,
    styleAt: ([x, y]: Point): CSSProperties => ({ left: percent(share(x)), top: percent(1 - share(y)) }),
    /** Where on the element, which is as large as the plot, the pointer is. */
    pointed: ({ clientX, clientY }: PointerEvent, element: Element): Point => {
      const { left, top, width, height } = element.getBoundingClientRect()
      return [
        inside(low + ((high - low) * (clientX - left)) / width),
        inside(high - ((high - low) * (clientY - top)) / height),
      ]
    },
    /** Where an arrow key takes a point, by a share of the plot; nowhere for other keys. */
    stepped: (event: KeyboardEvent, [x, y]: Point, by: number): Point | undefined => {
      const move = moves[event.key]
      if (!move) return undefined
      event.preventDefault()
      const step = (high - low) * by
      return [inside(x + step * move[0]), inside(y + step * move[1])]
    },
  }
}

function percent(share: number): string {
  return `${100 * share}%`
}

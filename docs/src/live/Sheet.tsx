import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react'
import type { PointsProps } from './Points'
import { placeOf, planeOf } from './plane'
import styles from './styles.module.css'
import { words } from './words'

/** A step of the pen by an arrow key, as a share of the plot. */
const STEP = 0.05

/** A sheet over the plot of a picture, to draw on by the pointer, or by a pen that keys move. */
export default function Sheet({ option, points, plot, language, onChange }: PointsProps): ReactNode {
  const { middle, styleAt, pointed, stepped } = planeOf(option)
  const [pen, setPen] = useState(middle)
  const add = (point: typeof pen) => {
    if (points.length < (option.most ?? 0)) onChange([...points, point])
  }
  const byPointer = (event: PointerEvent) => {
    if (event.buttons > 0) add(pointed(event, event.currentTarget))
  }
  const byKey = (event: KeyboardEvent) => {
    const to = stepped(event, pen, STEP)
    if (to) setPen(to)
    if (event.key === ' ') event.preventDefault()
    if (event.key === ' ' || (to && event.shiftKey)) add(to ?? pen)
  }
  return (
    <div
      className={styles.sheet}
      style={placeOf(plot)}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys draw on it
      tabIndex={0}
      aria-label={`${option.label[language]}: ${points.length}. ${words.draw[language]}`}
      onPointerDown={byPointer}
      onPointerMove={byPointer}
      onKeyDown={byKey}
    >
      <span className={styles.pen} style={styleAt(pen)} />
    </div>
  )
}

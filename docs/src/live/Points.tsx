import type { ReactNode } from 'react'
import { useRef } from 'react'
import type { PlotPlace } from './messages'
import { placeOf, planeOf } from './plane'
import type { Language, Point, PointsOption } from './spec'
import styles from './styles.module.css'

export interface PointsProps {
  readonly option: PointsOption
  readonly points: readonly Point[]
  readonly plot: PlotPlace
  readonly language: Language
  readonly onChange: (points: readonly Point[]) => void
}

/** Points over the plot of a picture, which are dragged or moved by arrow keys, by Shift in greater steps. */
export default function Points({ option, points, plot, language, onChange }: PointsProps): ReactNode {
  const area = useRef<HTMLDivElement>(null)
  const { styleAt, pointed, stepped } = planeOf(option)
  const move = (i: number, to: Point | undefined) =>
    to && onChange(points.map((point, j) => (j === i ? to : point)))
  return (
    <div ref={area} className={styles.handles} style={placeOf(plot)}>
      {points.map((point, i) => (
        <button
          // Their number never changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: handles have no other name
          key={i}
          type="button"
          className={styles.handle}
          style={styleAt(point)}
          aria-label={`${option.label[language]} ${i + 1}: ${point.map((x) => x.toFixed(1)).join(', ')}`}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => event.buttons > 0 && move(i, pointed(event, area.current!))}
          onKeyDown={(event) => move(i, stepped(event, point, event.shiftKey ? 0.1 : 0.02))}
        >
          {points.length > 1 ? i + 1 : ''}
        </button>
      ))}
    </div>
  )
}

import type { KeyboardEvent, PointerEvent, ReactNode } from 'react'
import { useRef } from 'react'
import type { PlotPlace } from './messages'
import type { Language, Point, PointsOption } from './spec'
import styles from './styles.module.css'
import { words } from './words'

interface PointsProps {
  readonly option: PointsOption
  readonly points: readonly Point[]
  readonly plot: PlotPlace
  readonly language: Language
  readonly onChange: (points: readonly Point[]) => void
}

const moves: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

/** Points over the plot of a picture: handles that are dragged or moved by arrow keys, or a sheet to draw on. */
export default function Points({ option, points, plot, language, onChange }: PointsProps): ReactNode {
  const sheet = useRef<HTMLDivElement>(null)
  const [low, high] = option.within
  const inside = (value: number) => Math.min(high, Math.max(low, value))
  const share = (value: number) => (value - low) / (high - low)
  const at = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = sheet.current!.getBoundingClientRect()
    return [
      inside(low + ((high - low) * (clientX - left)) / width),
      inside(high - ((high - low) * (clientY - top)) / height),
    ]
  }
  const moved = (i: number, to: Point) => onChange(points.map((point, j) => (j === i ? to : point)))
  const byKey = (event: KeyboardEvent, i: number) => {
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    const [x, y] = points[i]!
    const step = (high - low) / (event.shiftKey ? 10 : 50)
    moved(i, [inside(x + step * move[0]), inside(y + step * move[1])])
  }
  const place = {
    left: percent(plot.left),
    top: percent(plot.top),
    width: percent(plot.width),
    height: percent(plot.height),
  }

  if (option.most !== undefined) {
    const { most } = option
    const add = (event: PointerEvent) => {
      if (event.buttons === 0 || points.length >= most) return
      onChange([...points, at(event)])
    }
    return (
      <div
        ref={sheet}
        className={styles.sheet}
        style={place}
        role="img"
        aria-label={`${words.draw[language]}: ${option.label[language]}, ${points.length}`}
        onPointerDown={add}
        onPointerMove={add}
      />
    )
  }
  return (
    <div ref={sheet} className={styles.handles} style={place}>
      {points.map(([x, y], i) => (
        <button
          // Their number never changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: handles have no other name
          key={i}
          type="button"
          className={styles.handle}
          style={{ left: percent(share(x)), top: percent(1 - share(y)) }}
          aria-label={`${option.label[language]} ${i + 1}: ${x.toFixed(1)}, ${y.toFixed(1)}`}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => event.buttons > 0 && moved(i, at(event))}
          onKeyDown={(event) => byKey(event, i)}
        >
          {points.length > 1 ? i + 1 : ''}
        </button>
      ))}
    </div>
  )
}

function percent(share: number): string {
  return `${100 * share}%`
}

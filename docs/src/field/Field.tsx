import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import { type ReactNode, useRef, useState } from 'react'
import styles from './styles.module.css'
import { useField } from './use-field'

const words = {
  en: {
    shows: 'Points that form the letters sgm are noised, and arrows of the score lead them back',
    pause: 'Pause',
    play: 'Play',
  },
  ko: {
    shows: '글자 sgm을 이루던 점들에 잡음을 더하면, 스코어 화살표를 따라 되돌아옵니다',
    pause: '멈춤',
    play: '재생',
  },
} as const

/** A score field that runs by itself: in closed form and without tensors, so that a page may open with it. */
export default function Field(): ReactNode {
  const { currentLocale } = useDocusaurusContext().i18n
  const { shows, pause, play } = words[currentLocale === 'ko' ? 'ko' : 'en']
  const canvas = useRef<HTMLCanvasElement>(null)
  /** Until the reader says, the system's wish for less motion decides. */
  const [asked, ask] = useState<boolean>()
  const moves = useField(canvas, asked)
  return (
    <div className={styles.field} data-moves={moves}>
      <canvas ref={canvas} className={styles.canvas} role="img" aria-label={shows} />
      <button
        type="button"
        className={styles.toggle}
        aria-label={moves ? pause : play}
        onClick={() => ask(!moves)}
      >
        <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <path
            d={moves ? 'M2 1 H5 V11 H2 Z M7 1 H10 V11 H7 Z' : 'M2 0.8 L11 6 L2 11.2 Z'}
            fill="currentColor"
          />
        </svg>
      </button>
    </div>
  )
}

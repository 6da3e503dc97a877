import useBaseUrl from '@docusaurus/useBaseUrl'
import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import { type ReactNode, useEffect, useId, useState } from 'react'
import given from './cli.json'
import { type Recording, restBefore, screenAt, spoken } from './recording'
import styles from './styles.module.css'
import { usePlayback } from './use-playback'
import { words } from './words'

const recording = given as unknown as Recording
const { columns, seconds, machine } = recording
const end = screenAt(recording, seconds)
/** How long the whole is played, in seconds. */
const PLAYED = 25
const speed = Math.max(1, Math.round(seconds / PLAYED))

/** A recording of the command: its last screen, until it is played. */
export default function Terminal(): ReactNode {
  const { currentLocale } = useDocusaurusContext().i18n
  const said = words[currentLocale === 'ko' ? 'ko' : 'en']
  const samples = useBaseUrl('/img/cli-samples.png')
  const { at, plays, play, pause, seek } = usePlayback(seconds, speed)
  const still = useStill()
  const [heading, slider] = [useId(), useId()]
  // Where less motion is wanted, each command is shown with all that it writes.
  const shown = screenAt(recording, still ? restBefore(recording, at) : at)
  return (
    <section className={styles.terminal} aria-labelledby={heading} data-recording="cli" data-plays={plays}>
      <p id={heading} className={styles.title}>
        {said.title}
      </p>
      <p className={styles.about}>{said.about(clock(seconds), speed, machine)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <pre className={styles.screen} role="img" aria-label={said.shows} tabIndex={0}>
        <code style={{ minHeight: `${end.length}lh`, minWidth: `${columns}ch` }}>{shown.join('\n')}</code>
      </pre>
      <div className={styles.said}>
        <p>{said.said}</p>
        {spoken(end).map((line) => (
          <p key={line} lang="en">
            {line}
          </p>
        ))}
      </div>
      <div className={styles.bar}>
        <button type="button" disabled={still === undefined} onClick={plays ? pause : play}>
          {plays ? said.pause : said.play}
        </button>
        <label htmlFor={slider} className={styles.said}>
          {said.time}
        </label>
        <input
          id={slider}
          type="range"
          min={0}
          max={seconds}
          step={0.01}
          value={at}
          aria-valuetext={said.of(clock(at), clock(seconds))}
          onChange={(event) => seek(Number(event.currentTarget.value))}
        />
        <span className={styles.clock} aria-hidden="true">
          {clock(at)} / {clock(seconds)}
        </span>
      </div>
      <figure className={styles.samples}>
        <img src={samples} alt="" width={960} height={550} loading="lazy" />
        <figcaption>{said.drawn}</figcaption>
      </figure>
    </section>
  )
}

/** Whether the reader's system asks for less motion, once the page is live. */
function useStill(): boolean | undefined {
  const [still, setStill] = useState<boolean>()
  useEffect(() => setStill(window.matchMedia('(prefers-reduced-motion: reduce)').matches), [])
  return still
}

/** 75 → 1:15. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

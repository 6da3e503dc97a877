import { useEffect, useState } from 'react'

/** Where a recording is. */
export interface Playback {
  /** In seconds of the recording. */
  readonly at: number
  readonly plays: boolean
  /** Plays, from the start where it has ended. */
  play(): void
  pause(): void
  /** Rests at a time. */
  seek(at: number): void
}

/** The most milliseconds that pass from one picture to the next: who was away goes on from where he left. */
const MOST = 100

/**
 * Plays a recording; before that its end is shown.
 *
 * @param speed Seconds of the recording in one.
 */
export function usePlayback(seconds: number, speed: number): Playback {
  const [at, setAt] = useState(seconds)
  const [asked, ask] = useState(false)
  const plays = asked && at < seconds

  useEffect(() => {
    if (!plays) return
    let before = performance.now()
    let frame = requestAnimationFrame(function step(now) {
      const passed = Math.min(MOST, Math.max(0, now - before)) / 1000
      before = now
      setAt((last) => Math.min(seconds, last + speed * passed))
      frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [plays, seconds, speed])

  return {
    at,
    plays,
    play() {
      if (at >= seconds) setAt(0)
      ask(true)
    },
    pause: () => ask(false),
    seek(to) {
      ask(false)
      setAt(to)
    },
  }
}

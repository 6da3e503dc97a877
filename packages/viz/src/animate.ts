import { checkFlags, checkFunctions, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { drawOn } from './canvas'
import { checkStyle, listOf } from './style'
import type { Picture, Style } from './types'

/** The frames of an animation: pictures in turn, or the picture of each moment. */
export type Frames = readonly Picture[] | ((seconds: number) => Picture | Promise<Picture>)

/** Options of {@link animate}. */
export interface AnimateOptions extends Style {
  /** Frames a second, where the frames are a list. @default 20 */
  readonly fps?: number
  /** Starts a list again when it ends. @default true */
  readonly loop?: boolean
  /**
   * Shows one frame and ends: the last of a list, or that of 0 s. Say `false` where the reader has asked for motion.
   * @default whether the reader prefers reduced motion
   */
  readonly still?: boolean
  /** Ends the animation, as `stop` does. */
  readonly signal?: AbortSignal
}

/** An animation that runs. */
export interface Animation {
  /** Ends it; the frame that is shown stays. */
  stop(): void
  /** Settles when it has ended; rejects when a frame could not be made. */
  readonly finished: Promise<void>
}

/**
 * Shows frames on a canvas of the page, one a screen refresh at most, as sharp as the screen is, with the picture's
 * description as the canvas's label. No frame is begun before the one before it is drawn. To readers who prefer reduced
 * motion it shows one frame.
 *
 * @param canvas Where it is drawn.
 * @param frames Pictures one after another, or what makes that of a time in seconds.
 * @throws RangeError when there is no frame, or an option does not fit.
 * @example
 * const canvas = document.querySelector('canvas')!
 * const at = (seconds: number) => figure([curve((x) => Math.sin(x + seconds))])
 * const { finished } = animate(canvas, at)
 */
export function animate(canvas: HTMLCanvasElement, frames: Frames, options: AnimateOptions = {}): Animation {
  const {
    fps = 20,
    loop = true,
    still = prefersStill(),
    signal,
    ...style
  } = optionsOf('animate', options, {
    theme: true,
    width: true,
    notes: true,
    fps: true,
    loop: true,
    still: true,
    signal: true,
  })
  checkPositive('animate', { fps })
  checkFlags('animate', { still })
  checkStyle('animate', style)
  if (Array.isArray(frames) && frames.length === 0) throw expected('animate', 'at least one frame', 'none')
  if (typeof frames !== 'function') {
    for (const frame of listOf('animate', 'frames', frames)) {
      checkFunctions('animate', { 'layout of a frame': frame?.layout })
    }
  }
  checkFunctions('animate', { 'getContext of a canvas': canvas?.getContext })
  const context = canvas.getContext('2d')
  if (!context) throw expected('animate', 'a canvas with a 2d context', 'another')
  const stopped = new AbortController()
  const ended = signal ? AbortSignal.any([signal, stopped.signal]) : stopped.signal
  const stop = () => stopped.abort()

  const next = (seconds: number): { picture?: Picture | Promise<Picture>; last?: boolean } => {
    if (typeof frames === 'function') return { picture: frames(seconds), last: still }
    const place = Math.floor(seconds * fps)
    const end = frames.length - 1
    const index = still ? end : loop ? place % frames.length : Math.min(place, end)
    const fresh = index !== shown
    shown = index
    return { ...(fresh && { picture: frames[index]! }), last: still || (!loop && place >= end) }
  }
  let shown = -1
  const run = async (): Promise<void> => {
    let start: number | undefined
    while (!ended.aborted) {
      const now = await nextRefresh(ended)
      if (ended.aborted) return
      const first = start === undefined
      start ??= now
      const { picture, last } = next((now - start) / 1000)
      const drawn = await picture
      if (ended.aborted) return
      if (drawn) drawOn(context, drawn, { notes: false, ...style, resize: window.devicePixelRatio || 1 })
      if (drawn && first) label(canvas, drawn, style)
      if (last) return
    }
  }
  return { stop, finished: run() }
}

function label(canvas: HTMLCanvasElement, picture: Picture, style: Style): void {
  const { title, description, width } = picture.layout(style)
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', [title, description].filter(Boolean).join('. '))
  if (!canvas.style.width) canvas.style.width = `${width}px`
}

/** The time of the next refresh; at once when the animation ends. */
function nextRefresh(ended: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const request = requestAnimationFrame((now) => {
      ended.removeEventListener('abort', cancel)
      resolve(now)
    })
    const cancel = () => {
      cancelAnimationFrame(request)
      resolve(Number.NaN)
    }
    ended.addEventListener('abort', cancel, { once: true })
  })
}

/** Whether the reader asks for less motion, which only pages are told. */
function prefersStill(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches
}

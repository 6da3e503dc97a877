import { useColorMode } from '@docusaurus/theme-common'
import { drawOn } from '@sgm/viz'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { cloudOf } from './cloud'
import { type Colors, pictureOf } from './draw'

/** Between two pictures, in milliseconds. */
const LEAST = 30
/** The most seconds that pass from one picture to the next: who was away goes on from where he left. */
const MOST = 0.1
/** In seconds: what is shown still, with some noise. */
const STILL = 0.35
/** Of a picture, in pixels: while the canvas has no size yet. */
const NARROWEST = 80

/**
 * Draws the field on a canvas: moving while that is in sight, unless less motion is wanted.
 *
 * @param asked Whether the reader has asked for motion, where he has.
 * @returns Whether it moves.
 */
export function useField(canvas: RefObject<HTMLCanvasElement | null>, asked: boolean | undefined): boolean {
  const [reduced, setReduced] = useState(true)
  const { colorMode } = useColorMode()
  const [cloud] = useState(cloudOf)
  const seconds = useRef(STILL)
  const moves = asked ?? !reduced

  useEffect(() => {
    const wish = window.matchMedia('(prefers-reduced-motion: reduce)')
    const hear = () => setReduced(wish.matches)
    hear()
    wish.addEventListener('change', hear)
    return () => wish.removeEventListener('change', hear)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const shown = canvas.current
    const context = shown?.getContext('2d')
    if (!shown || !context) return
    let [frame, before, seen, over] = [0, 0, false, false]
    const draw = async () => {
      const picture = await pictureOf(cloud, colorsOf(shown), Math.max(NARROWEST, shown.clientWidth))
      if (!over) drawOn(context, picture, { resize: Math.min(2, window.devicePixelRatio || 1) })
    }
    const step = async (now: number) => {
      frame = 0
      if (!moves || now - before >= LEAST) {
        if (moves) seconds.current += Math.min(MOST, (now - before) / 1000)
        before = now
        cloud.moveTo(seconds.current)
        await draw()
      }
      if (moves && seen) next()
    }
    const next = () => {
      if (!over) frame ||= requestAnimationFrame(step)
    }
    const sight = new IntersectionObserver(([entry]) => {
      seen = entry?.isIntersecting ?? false
      if (seen) next()
    })
    const size = new ResizeObserver(next)
    sight.observe(shown)
    size.observe(shown)
    return () => {
      over = true
      cancelAnimationFrame(frame)
      sight.disconnect()
      size.disconnect()
    }
  }, [canvas, cloud, moves, colorMode])

  return moves
}

/** As the page's theme has them. */
function colorsOf(canvas: HTMLCanvasElement): Colors {
  const style = getComputedStyle(canvas)
  return {
    background: style.getPropertyValue('--ifm-background-color'),
    points: style.getPropertyValue('--ifm-color-primary'),
    arrows: style.getPropertyValue('--ifm-color-emphasis-400'),
  }
}

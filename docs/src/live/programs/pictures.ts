import { type Figure, type PanelsOptions, type Picture, panels } from '@sgm/viz'
import type { Words } from '../spec'

/** Below this width, in pixels, figures stand under each other. */
const NARROW = 560

/** Figures side by side where there is room. */
export async function beside(
  figures: readonly Promise<Figure>[],
  options: PanelsOptions = {},
): Promise<Picture> {
  const all = await Promise.all(figures)
  const [wide, narrow] = await Promise.all([panels(all, options), panels(all, { ...options, columns: 1 })])
  return { layout: (style) => ((style?.width ?? NARROW) < NARROW ? narrow : wide).layout(style) }
}

/** Axes of the plane without numbers: what counts is where points lie. */
export const plane = (extent: number) => {
  const axis = { domain: [-extent, extent] as const }
  return { x: axis, y: axis }
}

export const pictureWords = {
  density: { en: 'density', ko: '밀도' },
  samples: { en: 'samples', ko: '표본' },
  time: { en: 'time t', ko: '시간 t' },
  steps: { en: 'steps', ko: '단계' },
} as const satisfies Record<string, Words>

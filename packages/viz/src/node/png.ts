import { createRequire } from 'node:module'
import { Resvg } from '@resvg/resvg-js'
import { checkLists, checkPaths, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { sceneOf } from '../scene'
import { svgOf } from '../svg'
import type { Picture, Scene, Style } from '../types'

/** Options of {@link toPng}. */
export interface PngOptions extends Style {
  /** Pixels of the file for one of the picture, > 0. @default 2 */
  readonly scale?: number
  /** Paths of TTF or OTF files, for scripts that Inter and Noto Sans Math do not have. */
  readonly fonts?: readonly string[]
}

/**
 * A picture as a PNG file. Its text is drawn with fonts that come with the package: equal on every machine.
 *
 * @throws RangeError when an option does not fit.
 * @example
 * const bytes = await toPng(await figure([curve(Math.sin)]), { scale: 1 })
 */
export async function toPng(picture: Picture, options: PngOptions = {}): Promise<Uint8Array> {
  const {
    scale = 2,
    fonts,
    ...style
  } = optionsOf('toPng', options, { theme: true, width: true, notes: true, scale: true, fonts: true })
  checkPositive('toPng', { scale })
  return new Uint8Array(raster('toPng', sceneOf('toPng', picture, style), scale, fonts).asPng())
}

/** Pixels that a file may have: 64 Mi, a quarter of a GiB of memory. */
const MOST_PIXELS = 2 ** 26

/** A scene in pixels. @throws RangeError where there are too many, before any is drawn. */
export function raster(where: string, scene: Scene, scale: number, fonts: readonly string[] = []) {
  const pixels = Math.floor(scene.width * scale) * Math.floor(scene.height * scale)
  if (!(pixels >= 1 && pixels <= MOST_PIXELS)) {
    throw expected(where, `a size and scale of 1 to ${MOST_PIXELS} pixels`, pixels)
  }
  checkLists(where, { fonts })
  for (const path of fonts) checkPaths(where, { 'a path of fonts': path })
  const svg = svgOf(scene, undefined, 'image-rendering="optimizeSpeed"')
  return new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: [...own(), ...fonts],
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
    },
  }).render()
}

function own(): string[] {
  const require = createRequire(import.meta.url)
  return [
    require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
    require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
    require.resolve('@expo-google-fonts/noto-sans-math/400Regular/NotoSansMath_400Regular.ttf'),
  ]
}

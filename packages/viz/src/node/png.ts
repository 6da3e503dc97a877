import { createRequire } from 'node:module'
import { Resvg } from '@resvg/resvg-js'
import { checkPositive } from '@sgm/tensor/check'
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
 */
export async function toPng(
  picture: Picture,
  { scale = 2, fonts, ...style }: PngOptions = {},
): Promise<Uint8Array> {
  checkPositive('toPng', { scale })
  return new Uint8Array(raster(picture.layout(style), scale, fonts).asPng())
}

/** A scene in pixels. */
export function raster(scene: Scene, scale: number, fonts: readonly string[] = []) {
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

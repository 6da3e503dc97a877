import { expected } from '@sgm/tensor/check'
import { rgb } from 'd3-color'
import { interpolateLab } from 'd3-interpolate'
import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolateViridis,
} from 'd3-scale-chromatic'
import type { ColorScale, Theme } from './types'

/**
 * Colour scales by name. All change evenly in lightness, and keep their order for readers with any kind of colour vision.
 * `'density'` starts at the theme's background, `'signed'` has it in the middle; `'grey'` runs from black to white.
 */
export type ColorScaleName = 'density' | 'signed' | 'viridis' | 'cividis' | 'magma' | 'inferno' | 'grey'

const scales: Readonly<Record<ColorScaleName, (theme: Theme) => ColorScale>> = {
  density: ({ background, accent }) => interpolateLab(background, accent),
  signed: ({ background, signed: [negative, positive] }) => {
    const [below, above] = [interpolateLab(negative, background), interpolateLab(background, positive)]
    return (u) => (u < 0.5 ? below(2 * u) : above(2 * u - 1))
  },
  viridis: () => interpolateViridis,
  cividis: () => interpolateCividis,
  magma: () => interpolateMagma,
  inferno: () => interpolateInferno,
  grey: () => (u) => `rgb(${[u, u, u].map((v) => Math.round(255 * v)).join(',')})`,
}

/** A scale by its name, in a theme. */
export function scaleOf(scale: ColorScaleName | ColorScale, theme: Theme): ColorScale {
  return typeof scale === 'function' ? scale : scales[scale](theme)
}

/** Throws unless `scale` is one of the names, or a function. */
export function checkScale(where: string, scale: unknown): void {
  if (typeof scale === 'function' || (typeof scale === 'string' && Object.hasOwn(scales, scale))) return
  throw expected(where, `scale to be one of ${Object.keys(scales).join(', ')}`, scale)
}

const STEPS = 256

/** The bytes of a scale at 256 even steps. */
export function bytesOf(scale: ColorScale): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray(4 * STEPS)
  for (let i = 0; i < STEPS; i++) {
    const { r, g, b } = rgb(scale(i / (STEPS - 1)))
    bytes.set([r, g, b, 255], 4 * i)
  }
  return bytes
}

/** `[n]` numbers as `[n, 4]` bytes of a scale over a domain; what is not finite becomes clear. */
export function paint(
  values: ArrayLike<number>,
  scale: ColorScale,
  unit: (value: number) => number,
): Uint8ClampedArray {
  const steps = bytesOf(scale)
  const pixels = new Uint8ClampedArray(4 * values.length)
  for (let i = 0; i < values.length; i++) {
    const u = unit(values[i]!)
    if (Number.isNaN(u)) continue
    const from = 4 * Math.round((STEPS - 1) * Math.min(Math.max(u, 0), 1))
    for (let k = 0; k < 4; k++) pixels[4 * i + k] = steps[from + k]!
  }
  return pixels
}

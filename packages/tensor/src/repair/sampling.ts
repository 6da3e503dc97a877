/** What each output position along one axis is made of: indices into the axis, and their weights. */
export type Sources = (position: number) => readonly (readonly [index: number, weight: number])[]

/** How places of a resized image lie on the original. */
export interface Alignment {
  readonly alignCorners: boolean
  readonly halfPixelCenters?: boolean
}

/** How tfjs's resize kernels are called. */
export interface Resize extends Alignment {
  readonly size: [height: number, width: number]
}

/** Where output positions lie along an axis of the input: at (step · position + start) / per, in whole numbers. */
export interface Line {
  readonly step: number
  readonly start: number
  readonly per: number
}

/** An interpolation along an axis of `from` pixels that becomes one of `to`. */
export interface Interpolation {
  readonly line: (from: number, to: number, alignment: Alignment) => Line
  readonly sources: (from: number, to: number, alignment: Alignment) => Sources
}

/**
 * What each place along a resized axis is made of.
 *
 * @param interpolation By pixels or between them.
 * @param from Pixels of the original axis.
 * @param to Places of the resized one.
 * @param alignment How the two lie on each other.
 * @returns For each place the pixels it is made of, and their weights.
 * @example
 * sourcesOf(bilinear, 2, 4, { alignCorners: false })[1] // → [[0, 0.5], [1, 0.5]]
 */
export function sourcesOf(
  interpolation: Interpolation,
  from: number,
  to: number,
  alignment: Alignment,
): ReturnType<Sources>[] {
  const at = interpolation.sources(from, to, alignment)
  return Array.from({ length: to }, (_, position) => at(position))
}

/**
 * The pixel that each place along a resized axis takes.
 *
 * @param from Pixels of the original axis.
 * @param to Places of the resized one.
 * @param alignment How the two lie on each other.
 * @returns A pixel for each place.
 * @example
 * nearestOf(2, 4, { alignCorners: false }) // → [0, 0, 1, 1]
 */
export function nearestOf(from: number, to: number, alignment: Alignment): number[] {
  return sourcesOf(nearest, from, to, alignment).map(([pixel]) => pixel![0])
}

/** Whole steps and what is left of one, for a position that is taken into the axis. */
function divided(position: number, from: number, { step, start, per }: Line): [whole: number, part: number] {
  const place = Math.min(Math.max(step * position + start, 0), (from - 1) * per)
  const whole = Math.floor(place / per)
  return [whole, (place - whole * per) / per]
}

const plainLine = (from: number, to: number): Line => ({ step: from, start: 0, per: to })

/** Between two pixels; one alone where the position lies on it. */
export const bilinear: Interpolation = {
  line: (from, to, { alignCorners, halfPixelCenters }) => {
    if (alignCorners && to > 1) return { step: from - 1, start: 0, per: to - 1 }
    return halfPixelCenters ? { step: 2 * from, start: from - to, per: 2 * to } : plainLine(from, to)
  },
  sources: (from, to, alignment) => (position) => {
    const [low, part] = divided(position, from, bilinear.line(from, to, alignment))
    return part === 0 ? [[low, 1]] : [[low, 1 - part], [low + 1, part]] // biome-ignore format: pairs
  },
}

/** The pixel that a position lies in. */
export const nearest: Interpolation = {
  line: (from, to, { alignCorners, halfPixelCenters }) => {
    if (alignCorners && to > 1) return { step: 2 * (from - 1), start: to - 1, per: 2 * (to - 1) }
    return halfPixelCenters ? { step: 2 * from, start: from, per: 2 * to } : plainLine(from, to)
  },
  sources: (from, to, alignment) => (position) => [
    [divided(position, from, nearest.line(from, to, alignment))[0], 1],
  ],
}

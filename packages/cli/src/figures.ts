import type { LinearSDE } from '@sgm/sde'
import { add, mul, slice, type Tensor, tidy } from '@sgm/tensor'
import {
  type Figure,
  figure,
  histogram,
  imageGrid as imageMark,
  line,
  lossCurve,
  panels,
  scatter,
  shareAxes,
  toSvg,
} from '@sgm/viz'
import { toGif, toPng } from '@sgm/viz/node'
import type { Range } from './pixels'
import { writeOutput } from './run-folder'

/** Writes images `[B, H, W, C]` as a PNG of as many rows as there are labels, each with its label before it. */
export async function writeLabelledRows(
  path: string,
  x: Tensor,
  rowLabels: readonly string[],
  range: Range,
): Promise<void> {
  const columns = x.shape[0]! / rowLabels.length
  const width = Math.max(240, 2 * columns * x.shape[2]! + 60)
  const grid = imageMark(x, { columns, range, rowLabels })
  await writeOutput(path, await toPng(await figure([grid], { width })))
}

/** Writes points `[n, d]` as a PNG. */
export async function writePoints(path: string, points: Tensor): Promise<void> {
  await writeOutput(path, await toPng(await pointsFigure(points, 480)))
}

/** Points as discs, by the first two of their numbers; numbers as a histogram. */
async function pointsFigure(points: Tensor, width: number): Promise<Figure> {
  const dims = points.shape[1]!
  if (dims === 1) return figure([histogram(points)], { width })
  if (dims === 2) return figure([scatter(points)], { width })
  const plane = tidy(() => slice(points, [0, 0], [-1, 2]))
  try {
    const subtitle = `the first 2 of ${dims} columns`
    return await figure([scatter(plane)], { width, subtitle })
  } finally {
    plane.dispose()
  }
}

/** The states of a run on its way, as an animation. */
export interface Movie {
  /** Adds a state. */
  add(x: Tensor, t: number): Promise<void>
  write(path: string): Promise<void>
}

/**
 * Collects states of a sampling run: images or points. Noise is shown at the contrast of the data.
 *
 * @param range null for points.
 */
export function movie(process: LinearSDE, range: Range | null): Movie {
  const frames: Figure[] = []
  const still = async (x: Tensor, t: number): Promise<Figure> => {
    if (!range) return pointsFigure(x, 400)
    const seen = tidy(() => atContrast(x, process.marginal(t), range))
    try {
      return await figure([imageMark(seen, { range })], { width: 480, theme: 'dark' })
    } finally {
      seen.dispose()
    }
  }
  return {
    add: async (x, t) => void frames.push(await still(x, t)),
    write: async (path) => {
      const shown = range ? frames : shareAxes(frames)
      await writeOutput(path, await toGif(shown, { fps: 15, hold: 2 }))
    },
  }
}

/** αx₀ + σz brought to the spread of x₀: the data themselves where σ = 0. */
function atContrast(
  x: Tensor,
  { alpha, sigma }: { readonly alpha: number; readonly sigma: number },
  [low, high]: Range,
): Tensor {
  const [middle, half] = [(low + high) / 2, (high - low) / 2]
  const scale = 1 / Math.hypot(alpha, sigma / half)
  return add(mul(add(x, -alpha * middle), scale), middle)
}

/** A number of a run's log over its steps. */
export interface LoggedCurve {
  readonly name: string
  readonly steps: readonly number[]
  readonly values: readonly number[]
}

/** Writes curves as an SVG, one below the other. */
export async function writeCurves(path: string, curves: readonly LoggedCurve[]): Promise<void> {
  await writeOutput(path, toSvg(await panels(curves.map(curveFigure), { columns: 1 })))
}

async function curveFigure({ name, steps, values }: LoggedCurve): Promise<Figure> {
  const mark =
    name === 'loss'
      ? lossCurve([...values], { steps: [...steps], smoothing: 0.9 })
      : line([...steps], [...values])
  return figure([await mark], {
    title: name,
    width: 640,
    height: 240,
    x: { label: 'step' },
    y: { label: '' },
  })
}

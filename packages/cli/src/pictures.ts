import type { LinearSDE } from '@sgm/sde'
import { add, mul, slice, type Tensor, tidy } from '@sgm/tensor'
import { type Figure, figure, histogram, imageGrid as imageMark, scatter, shareAxes } from '@sgm/viz'
import { toGif, toPng } from '@sgm/viz/node'
import { encode } from 'fast-png'
import { writeOutput } from './run-folder'

/** What pixels 0 … 255 were scaled to. */
type Range = readonly [low: number, high: number]

/** Images as a grid of bytes. */
export interface PixelGrid {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Uint8Array
}

/**
 * Lays images `[B, H, W, C]` out in rows, each pixel enlarged by a whole number so that small images can be seen.
 *
 * @param range What black and white are; values beyond them are cut.
 */
export async function pixelGrid(x: Tensor, columns: number, [low, high]: Range): Promise<PixelGrid> {
  const [count, h, w, channels] = x.shape as [number, number, number, number]
  const zoom = Math.max(1, Math.min(4, Math.floor(120 / Math.max(h, w))))
  const gap = 2 * Math.ceil(zoom / 2)
  const rows = Math.ceil(count / columns)
  const width = columns * (w * zoom + gap) + gap
  const height = rows * (h * zoom + gap) + gap
  const data = new Uint8Array(width * height * channels).fill(BACKGROUND)
  const values = await x.data()
  for (let i = 0; i < count; i++) {
    const left = gap + (i % columns) * (w * zoom + gap)
    const top = gap + Math.floor(i / columns) * (h * zoom + gap)
    for (let y = 0; y < h * zoom; y++) {
      for (let z = 0; z < w * zoom; z++) {
        const from = ((i * h + Math.floor(y / zoom)) * w + Math.floor(z / zoom)) * channels
        const to = ((top + y) * width + left + z) * channels
        for (let c = 0; c < channels; c++) {
          data[to + c] = byteOf((values[from + c]! - low) / (high - low))
        }
      }
    }
  }
  return { width, height, channels, data }
}

const BACKGROUND = 96

/** Writes an image `[1, H, W, C]` as a PNG of its pixels alone. */
export async function writeImage(path: string, x: Tensor, [low, high]: Range): Promise<void> {
  const [, height, width, channels] = x.shape as [number, number, number, number]
  const data = Uint8Array.from(await x.data(), (value) => byteOf((value - low) / (high - low)))
  await writeOutput(path, encode({ width, height, channels: channels as 1 | 3, data, depth: 8 }))
}

const byteOf = (share: number): number => Math.round(255 * Math.min(1, Math.max(0, share)))

/** Writes images `[B, H, W, C]` as a PNG, pixel by pixel. */
export async function writeImageGrid(path: string, x: Tensor, columns: number, range: Range): Promise<void> {
  const { width, height, channels, data } = await pixelGrid(x, columns, range)
  await writeOutput(path, encode({ width, height, channels: channels as 1 | 3, data, depth: 8 }))
}

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

import type { Tensor } from '@sgm/tensor'
import { encode } from 'fast-png'
import { writeOutput } from './run-folder'

/** What pixels 0 … 255 were scaled to. */
export type Range = readonly [low: number, high: number]

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
export async function pixelGrid(x: Tensor, columns: number, range: Range): Promise<PixelGrid> {
  const [count, h, w, channels] = x.shape as [number, number, number, number]
  const zoom = Math.max(1, Math.min(4, Math.floor(120 / Math.max(h, w))))
  const gap = 2 * Math.ceil(zoom / 2)
  const rows = Math.ceil(count / columns)
  const width = columns * (w * zoom + gap) + gap
  const height = rows * (h * zoom + gap) + gap
  const data = new Uint8Array(width * height * channels).fill(BACKGROUND)
  const pixels = bytesOf(await x.data(), range)
  for (let i = 0; i < count; i++) {
    const left = gap + (i % columns) * (w * zoom + gap)
    const top = gap + Math.floor(i / columns) * (h * zoom + gap)
    for (let y = 0; y < h * zoom; y++) {
      for (let z = 0; z < w * zoom; z++) {
        const from = ((i * h + Math.floor(y / zoom)) * w + Math.floor(z / zoom)) * channels
        const to = ((top + y) * width + left + z) * channels
        for (let c = 0; c < channels; c++) data[to + c] = pixels[from + c]!
      }
    }
  }
  return { width, height, channels, data }
}

const BACKGROUND = 96

/** Writes an image `[1, H, W, C]` as a PNG of its pixels alone. */
export async function writeImage(path: string, x: Tensor, range: Range): Promise<void> {
  const [, height, width, channels] = x.shape as [number, number, number, number]
  const data = bytesOf(await x.data(), range)
  await writeOutput(path, encode({ width, height, channels: channels as 1 | 3, data, depth: 8 }))
}

const bytesOf = (values: ArrayLike<number>, [low, high]: Range): Uint8Array =>
  Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low)))))

/** Writes images `[B, H, W, C]` as a PNG, pixel by pixel. */
export async function writeImageGrid(path: string, x: Tensor, columns: number, range: Range): Promise<void> {
  const { width, height, channels, data } = await pixelGrid(x, columns, range)
  await writeOutput(path, encode({ width, height, channels: channels as 1 | 3, data, depth: 8 }))
}

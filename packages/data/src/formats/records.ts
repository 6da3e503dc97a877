import { checkIndices, type ImageSet } from '../images/image-set'
import type { ByteSource } from './source'

/** Where the images of a file lie. */
export interface Records {
  readonly source: ByteSource
  readonly length: number
  readonly shape: readonly [height: number, width: number, channels: number]
  /** Place of the first image. */
  readonly first: number
  /** Bytes from one image to the next. */
  readonly stride: number
  /** Whether each channel is stored on its own, `[channels, height, width]`. @default false */
  readonly planar?: boolean
}

/** Reads the images of a file when they are asked for. */
export function recordSet(
  where: string,
  { source, length, shape, first, stride, planar = false }: Records,
  labels: Pick<ImageSet, 'labels' | 'classes'>,
): ImageSet {
  const [height, width, channels] = shape
  const pixels = height * width * channels
  return {
    length,
    shape,
    ...labels,
    async bytes(indices) {
      checkIndices(where, indices, length)
      const places = Array.from(indices, (index) => first + index * stride)
      const bytes = await source.read(places, pixels)
      return planar ? interleave(bytes, height * width, channels) : new Uint8Array(bytes)
    },
  }
}

/** `[N, channels, area]` to `[N, area, channels]`. */
function interleave(planes: Uint8Array, area: number, channels: number): Uint8Array {
  const bytes = new Uint8Array(planes.length)
  for (let from = 0; from < planes.length; from += area * channels) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < area; i++) bytes[from + i * channels + c] = planes[from + c * area + i]!
    }
  }
  return bytes
}

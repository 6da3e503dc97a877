/// <reference path="./gifenc.d.ts" />

import * as gifenc from 'gifenc'
import { checkMovie, type MovieOptions, type PictureSequence, rasters } from './frames'

// Its CommonJS comes as the default where an ES module imports it in Node, as itself elsewhere.
const { GIFEncoder, applyPalette, quantize } = 'quantize' in gifenc ? gifenc : (gifenc as Fallback).default

interface Fallback {
  readonly default: typeof gifenc
}

/**
 * Frames as an animated GIF: 255 colours a frame, and of each frame only what changed.
 *
 * @param frames One after another.
 * @throws RangeError when there is no frame, their sizes differ, or an option does not fit. The signal's reason, when it ends the call.
 * @example
 * const frame = (i: number) =>
 *   figure([curve((x) => Math.sin(x + i))], { width: 200, height: 100 })
 * const bytes = await toGif(await Promise.all([0, 1, 2].map(frame)))
 */
export async function toGif(frames: PictureSequence, options: MovieOptions = {}): Promise<Uint8Array> {
  checkMovie('toGif', options)
  const { fps = 20, repeat = 0, hold = 1 } = options
  const gif = GIFEncoder()
  let before: Uint32Array | undefined
  for await (const { image, last } of rasters('toGif', frames, options)) {
    const bytes = new Uint8Array(image.pixels)
    const pixels = new Uint32Array(bytes.buffer)
    const palette = quantize(bytes, 255, { format: 'rgb565' })
    const index = applyPalette(bytes, palette, 'rgb565')
    const clear = palette.length
    if (before) for (let i = 0; i < index.length; i++) if (pixels[i] === before[i]) index[i] = clear
    gif.writeFrame(index, image.width, image.height, {
      palette: [...palette, [0, 0, 0]],
      delay: 1000 * (1 / fps + (last ? hold : 0)),
      repeat: repeat === 1 ? -1 : repeat,
      transparent: before !== undefined,
      transparentIndex: clear,
      dispose: 1,
    })
    before = pixels
  }
  gif.finish()
  return gif.bytes()
}

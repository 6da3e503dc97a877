import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { bilinear, type Interpolation, nearest, type Resize, sourcesOf } from '../sampling'
import { type CpuBackend, floatsOf, valuesOf } from './host'

/**
 * Each pixel from the pixels that have a weight in it: tfjs rounds where the nearest one is, and from an infinity makes NaN
 * by taking it from itself.
 */
const resizing = (interpolation: Interpolation): Replacement =>
  forFloats(({ inputs, attrs, backend: held }) => {
    const { images } = inputs as { images: Info }
    const resize = attrs as unknown as Resize
    const backend = held as CpuBackend
    const [batch, height, width, channels] = images.shape as [number, number, number, number]
    const [toHeight, toWidth] = resize.size
    const rows = sourcesOf(interpolation, height, toHeight, resize)
    const columns = sourcesOf(interpolation, width, toWidth, resize)
    const from = valuesOf(backend, images)
    return floatsOf(backend, [batch, toHeight, toWidth, channels], (to) => {
      let target = 0
      for (let n = 0; n < batch; n++) {
        for (const down of rows) {
          for (const across of columns) {
            for (let c = 0; c < channels; c++, target++) {
              let value = 0
              for (const [row, share] of down) {
                for (const [column, weight] of across)
                  value += share * weight * from[((n * height + row) * width + column) * channels + c]!
              }
              to[target] = value
            }
          }
        }
      }
    })
  })

export const resizes: Readonly<Record<string, Replacement>> = {
  ResizeBilinear: resizing(bilinear),
  ResizeNearestNeighbor: resizing(nearest),
}

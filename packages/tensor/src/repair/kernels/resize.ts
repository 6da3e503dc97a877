import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { bilinear, type Interpolation, nearest, type Resize, sourcesOf } from '../sampling'
import { floats } from './heap'
import { forFloats, type Replacement } from './register'

/** For each place along an axis the first of the two pixels that it lies between, and the share of the second. */
interface Places {
  readonly first: Int32Array
  readonly share: Float64Array
}

function placesOf(interpolation: Interpolation, from: number, to: number, resize: Resize): Places {
  const sources = sourcesOf(interpolation, from, to, resize)
  return {
    first: Int32Array.from(sources, ([pixel]) => pixel![0]),
    share: Float64Array.from(sources, ([, second]) => second?.[1] ?? 0),
  }
}

/**
 * Images of another size, whose pixels lie where whole numbers put them: the module rounds that to a float32, to the wrong pixel at
 * some sizes, and between pixels the farther off the larger the image. Rows are resized across, each once, then mixed.
 */
const resizing = (interpolation: Interpolation): Replacement =>
  forFloats(({ inputs, attrs, backend: held }) => {
    const { images } = inputs as { images: Info }
    const resize = attrs as unknown as Resize
    const backend = held as BackendWasm
    const [batch, height, width, channels] = images.shape as [number, number, number, number]
    const rows = placesOf(interpolation, height, resize.size[0], resize)
    const columns = placesOf(interpolation, width, resize.size[1], resize)
    const out = backend.makeOutput([batch, ...resize.size, channels], 'float32')
    const [from, to] = [floats(backend, images), floats(backend, out)]
    const line = columns.first.length * channels
    const lines = new Map<number, Float64Array>()
    const across = (row: number): Float64Array => {
      const known = lines.get(row)
      if (known) return known
      const [oldest] = lines.keys()
      if (lines.size > 1) lines.delete(oldest!)
      const values = acrossOf(from, row * width * channels, columns, channels)
      lines.set(row, values)
      return values
    }
    for (let n = 0, target = 0; n < batch; n++) {
      for (const [i, first] of rows.first.entries()) {
        const share = rows.share[i]!
        const upper = across(n * height + first)
        if (share === 0) to.set(upper, target)
        else {
          const lower = across(n * height + first + 1)
          for (let k = 0; k < line; k++) to[target + k] = upper[k]! * (1 - share) + lower[k]! * share
        }
        target += line
      }
    }
    return out
  })

/** A row of pixels resized across; a pixel without a share stays out, 0 times which may be NaN. */
function acrossOf(
  from: Float32Array,
  start: number,
  { first, share }: Places,
  channels: number,
): Float64Array {
  const to = new Float64Array(first.length * channels)
  for (let j = 0, target = 0; j < first.length; j++) {
    const source = start + first[j]! * channels
    const part = share[j]!
    for (let c = source; c < source + channels; c++) {
      to[target++] = part === 0 ? from[c]! : from[c]! * (1 - part) + from[c + channels]! * part
    }
  }
  return to
}

export const resizeNearest = resizing(nearest)

export const resizeBilinear = resizing(bilinear)

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { nearestOf, type Resize } from '../sampling'
import { floats } from './heap'
import { forFloats } from './register'

/** `ResizeNearestNeighbor` by whole numbers: the module rounds a quotient, to the wrong pixel at some sizes. */
export const resizeNearest = forFloats(({ inputs, attrs, backend: held }) => {
  const { images } = inputs as { images: Info }
  const resize = attrs as unknown as Resize
  const backend = held as BackendWasm
  const [batch, height, width, channels] = images.shape as [number, number, number, number]
  const [toHeight, toWidth] = resize.size
  const rows = nearestOf(height, toHeight, resize)
  const columns = nearestOf(width, toWidth, resize)
  const out = backend.makeOutput([batch, toHeight, toWidth, channels], 'float32')
  const [from, to] = [floats(backend, images), floats(backend, out)]
  const line = toWidth * channels
  for (let n = 0, target = 0; n < batch; n++) {
    for (let i = 0; i < toHeight; i++) {
      if (i > 0 && rows[i] === rows[i - 1]) {
        to.copyWithin(target, target - line, target)
        target += line
        continue
      }
      const start = (n * height + rows[i]!) * width
      for (let j = 0; j < toWidth; j++) {
        const source = (start + columns[j]!) * channels
        for (let c = 0; c < channels; c++, target++) to[target] = from[source + c]!
      }
    }
  }
  return out
})

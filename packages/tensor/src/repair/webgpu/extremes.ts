import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { type Pool, windowsOf } from '../windows'
import { runFlat } from './program'
import { transposed } from './transpose'

/** WGSL's question whether a value comes before the best so far: NaN does before all others. */
const isBetter = (beyond: '<' | '>'): string => `if (!isnan(best) && (isnan(value) || value ${beyond} best))`

/** The index of the first extreme, as which NaN counts: tfjs passes over it, takes any of several, and makes floats of integers. */
const arg =
  (beyond: '<' | '>'): Replacement =>
  () =>
  ({ inputs, attrs, backend: held }) => {
    const { x } = inputs as { x: Info }
    const backend = held as WebGPUBackend
    const [axis] = tf.util.parseAxisParam((attrs as { axis: number }).axis, x.shape) as [number]
    const kept = [...x.shape.keys()].filter((i) => i !== axis)
    const rows = transposed(backend, x, [...kept, axis])
    const better = x.dtype === 'float32' ? isBetter(beyond) : `if (value ${beyond} best)`
    const out = runFlat(
      backend,
      rows,
      { shape: kept.map((i) => x.shape[i]!), dtype: 'int32' },
      {
        key: `sgm arg ${beyond} ${x.dtype}`,
        integers: { length: x.shape[axis]! },
        code: `
          let first = index * uniforms.length;
          var best = x[first];
          var place = 0;
          for (var i = 1; i < uniforms.length; i++) { let value = x[first + i]; ${better} { best = value; place = i; } }
          result[index] = place;`,
      },
    )
    backend.disposeData(rows.dataId)
    return out
  }

/** The largest value in each window, NaN if it holds one: tfjs passes over those, and over all below −10²⁰. */
const maxPool = forFloats(({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: Info }
  const at = windowsOf(x, attrs as unknown as Pool)
  return runFlat(
    backend as WebGPUBackend,
    x,
    { shape: at.outShape, dtype: 'float32' },
    {
      key: 'sgm max pool',
      integers: {
        outHeight: at.outHeight,
        outWidth: at.outWidth,
        height: at.inHeight,
        width: at.inWidth,
        channels: at.inChannels,
        filterHeight: at.filterHeight,
        filterWidth: at.filterWidth,
        strideHeight: at.strideHeight,
        strideWidth: at.strideWidth,
        top: at.padInfo.top,
        left: at.padInfo.left,
      },
      code: `
        let c = index % uniforms.channels;
        let column = index / uniforms.channels % uniforms.outWidth;
        let row = index / uniforms.channels / uniforms.outWidth % uniforms.outHeight;
        let image = index / uniforms.channels / uniforms.outWidth / uniforms.outHeight * uniforms.height;
        let corner = vec2<i32>(row * uniforms.strideHeight - uniforms.top, column * uniforms.strideWidth - uniforms.left);
        let first = max(corner, vec2<i32>(0));
        let end = min(corner + vec2<i32>(uniforms.filterHeight, uniforms.filterWidth), vec2<i32>(uniforms.height, uniforms.width));
        var best = x[((image + first.x) * uniforms.width + first.y) * uniforms.channels + c];
        for (var i = first.x; i < end.x; i++) {
          for (var j = first.y; j < end.y; j++) {
            let value = x[((image + i) * uniforms.width + j) * uniforms.channels + c];
            ${isBetter('>')} { best = value; }
          }
        }
        result[index] = best;`,
    },
  )
})

/** e^(x − max x) over its sum: tfjs's has no NaN for rows that hold one. */
const softmax = forFloats(({ inputs, attrs }) => {
  const logits = inputs.logits as tf.Tensor
  const { dim } = attrs as { dim: number }
  return tf.tidy(() => {
    const powers = tf.exp(tf.sub(logits, tf.max(logits, dim, true)))
    return tf.div(powers, tf.sum(powers, dim, true))
  })
})

export const extremes: Readonly<Record<string, Replacement>> = {
  ArgMax: arg('>'),
  ArgMin: arg('<'),
  MaxPool: maxPool,
  Softmax: softmax,
}

import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { type Pool, windowsOf } from '../windows'
import { run, type WebglBackend } from './program'

/** How many entries one step of a reduction takes. */
const WINDOW = 32

type Beyond = '<' | '>'

/** GLSL that keeps the extreme in `best`, NaN before all. */
const keep = (beyond: Beyond): string =>
  `if (!isnan(best) && (isnan(value) || value ${beyond} best)) best = value;`

interface ReductionAttributes {
  readonly axis?: number | number[]
  readonly reductionIndices?: number | number[]
  readonly keepDims: boolean
}

/** The extreme over some axes, however large it is: tfjs has none beyond 10²⁰, so that the largest of −∞ is −10²⁰. */
const extreme =
  (beyond: Beyond): Replacement =>
  (plain, kernelName) =>
    forFloats((args) => {
      const x = args.inputs.x as tf.Tensor
      const { axis, reductionIndices, keepDims } = args.attrs as unknown as ReductionAttributes
      const axes = tf.util.parseAxisParam((reductionIndices ?? axis) as number[], x.shape)
      const kept = [...x.shape.keys()].filter((i) => !axes.includes(i))
      const outer = kept.reduce((size, i) => size * x.shape[i]!, 1)
      if (x.size === 0) return plain(args)
      return tf.tidy(() => {
        let rows = tf.reshape(tf.transpose(x, [...kept, ...axes]), [outer, -1]) as tf.Tensor
        while (rows.shape[1]! > 1) rows = folded(args.backend as WebglBackend, rows, beyond)
        const shape = keepDims
          ? x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
          : kept.map((i) => x.shape[i]!)
        return tf.reshape(rows, shape)
      })
    })(plain, kernelName)

/** The extremes of each {@link WINDOW} entries of the rows. */
function folded(backend: WebglBackend, rows: tf.Tensor, beyond: Beyond): tf.Tensor {
  const [outer, length] = rows.shape as [number, number]
  const info = run(
    backend,
    { X: rows },
    [outer, Math.ceil(length / WINDOW)],
    `void main() {
      ivec2 at = getOutputCoords();
      int first = at.y * ${WINDOW};
      float best = getX(at.x, first);
      for (int i = first + 1; i < min(first + ${WINDOW}, ${length}); i++) {
        float value = getX(at.x, i);
        ${keep(beyond)}
      }
      setOutput(best);
    }`,
  )
  return tf.engine().makeTensorFromTensorInfo(info)
}

/** The index of the first extreme, as which NaN counts: tfjs passes over it. */
const arg: Replacement = (plain, kernelName) =>
  forFloats((args) => {
    const { axis } = args.attrs as { axis: number }
    return tf.tidy(() => {
      const gaps = tf.isNaN(args.inputs.x as tf.Tensor)
      const places = tf.engine().makeTensorFromTensorInfo(plain(args) as Info)
      return tf.where(tf.any(gaps, axis), tf.argMax(tf.cast(gaps, 'int32'), axis), places)
    })
  })(plain, kernelName)

/** The largest value in each window, NaN if it holds one: tfjs passes over those, and over all below −10²⁰. */
const maxPool = forFloats(({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: Info }
  const at = windowsOf(x, attrs as unknown as Pool)
  const code = `
    void main() {
      ivec4 at = getOutputCoords();
      ivec2 corner = at.yz * ivec2(${at.strideHeight}, ${at.strideWidth}) - ivec2(${at.padInfo.top}, ${at.padInfo.left});
      ivec2 first = max(corner, 0);
      ivec2 end = min(corner + ivec2(${at.filterHeight}, ${at.filterWidth}), ivec2(${at.inHeight}, ${at.inWidth}));
      float best = getX(at.x, first.x, first.y, at.w);
      for (int row = first.x; row < end.x; row++) {
        for (int column = first.y; column < end.y; column++) {
          float value = getX(at.x, row, column, at.w);
          ${keep('>')}
        }
      }
      setOutput(best);
    }`
  return run(backend as WebglBackend, { X: x }, at.outShape, code)
})

export const extremes: Readonly<Record<string, Replacement>> = {
  ArgMax: arg,
  ArgMin: arg,
  Max: extreme('>'),
  MaxPool: maxPool,
  Min: extreme('<'),
}

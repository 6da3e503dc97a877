import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import type { Replacement } from '../kernels/register'
import { runFlat } from './program'

interface Attributes {
  readonly axis: number
  readonly exclusive: boolean
  readonly reverse: boolean
}

/** `Cumsum` and `Cumprod`: tfjs's takes powers of two from the inexact `pow` for places, and knows four axes at most. */
export const cumulate =
  (operator: '+' | '*'): Replacement =>
  () =>
  ({ inputs, attrs, backend }) => {
    const { x } = inputs as { x: Info }
    const { axis, exclusive, reverse } = attrs as unknown as Attributes
    const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
    const type = x.dtype === 'float32' ? 'f32' : 'i32'
    return runFlat(backend as WebGPUBackend, x, x, {
      key: `sgm cumulate ${operator}`,
      integers: { length: x.shape[axis]!, inner, exclusive: Number(exclusive), backwards: Number(reverse) },
      code: `
        let end = index / uniforms.inner % uniforms.length;
        let start = index - end * uniforms.inner;
        let first = select(0, end + uniforms.exclusive, uniforms.backwards == 1);
        let stop = select(end + 1 - uniforms.exclusive, uniforms.length, uniforms.backwards == 1);
        var total = ${type}(${operator === '+' ? 0 : 1});
        for (var i = first; i < stop; i++) { total ${operator}= x[start + i * uniforms.inner]; }
        result[index] = total;`,
    })
  }

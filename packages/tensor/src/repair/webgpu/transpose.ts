import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import type { Replacement } from '../kernels/register'
import { runFlat } from './program'

/** `Transpose` of integers and bools, whose code tfjs writes for floats: invalid, or (matrices) not exact beyond 2²⁴. */
export const transpose: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  if (x.dtype === 'float32') return plain(args)
  const { perm } = args.attrs as unknown as { perm: readonly number[] }
  return transposed(args.backend as WebGPUBackend, x, perm)
}

/** x with its axes in another order, whatever its type. */
export function transposed(backend: WebGPUBackend, x: Info, perm: readonly number[]): Info {
  const stride = (axis: number): number => x.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const shape = perm.map((axis) => x.shape[axis]!)
  const integers = Object.fromEntries(
    shape.flatMap((length, i) => [
      [`length${i}`, length],
      [`stride${i}`, stride(perm[i]!)],
    ]),
  )
  const steps = shape.map(
    (_, i) => `at += (rest % uniforms.length${i}) * uniforms.stride${i}; rest /= uniforms.length${i};`,
  )
  return runFlat(
    backend,
    x,
    { shape, dtype: x.dtype },
    {
      key: `sgm transpose ${shape.length}`,
      integers,
      code: `var rest = index; var at = 0; ${steps.reverse().join(' ')} result[index] = x[at];`,
    },
  )
}

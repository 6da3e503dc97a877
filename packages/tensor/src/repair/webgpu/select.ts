import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import type { Replacement } from '../kernels/register'
import { runPerElement } from './program'

/** `Select` of equal shapes: tfjs's knows four axes at most, and makes floats of integers on the way. */
export const select: Replacement = (plain) => (args) => {
  const { condition, t, e } = args.inputs as { condition: Info; t: Info; e: Info }
  if (t.dtype !== e.dtype) return plain(args)
  const type = t.dtype === 'float32' ? 'f32' : 'i32'
  const code = `fn f(isFirst: i32, a: ${type}, b: ${type}) -> ${type} { return select(b, a, isFirst != 0); }`
  return runPerElement(args.backend as WebGPUBackend, [condition, t, e], t, {
    key: `sgm select ${type}`,
    code,
  })
}

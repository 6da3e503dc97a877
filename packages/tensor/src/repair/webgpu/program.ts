import type * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'

/** A tensor as kernels see it. */
export type Info = tf.TensorInfo

/** What a {@link runFlat} program is made of. */
export interface FlatProgram {
  /** Equal for programs of the same code. */
  readonly key: string
  /** Its integers, by the names that the code knows them by: `uniforms.name`. */
  readonly integers: Readonly<Record<string, number>>
  /** WGSL that writes `result[index]` from `x[…]`. */
  readonly code: string
}

/** Runs a program of tfjs's backend once for each element of the result: x and the result are flat there, whatever their shapes. */
export function runFlat(
  backend: WebGPUBackend,
  x: Info,
  { shape, dtype }: Pick<Info, 'shape' | 'dtype'>,
  program: FlatProgram,
): Info {
  const size = shape.reduce((a, b) => a * b, 1)
  const { key, integers, code } = program
  const out = backend.runWebGPUProgram(
    {
      variableNames: ['x'],
      uniforms: Object.keys(integers)
        .map((name) => `${name} : i32,`)
        .join(' '),
      size: true,
      outputShape: [size],
      workgroupSize: [64, 1, 1],
      dispatchLayout: { x: [0] },
      dispatch: [Math.ceil(size / 64), 1, 1],
      shaderKey: key,
      getUserCode: () => `fn main(index : i32) {\n  if (index >= uniforms.size) { return; }\n  ${code}\n}`,
    },
    [{ ...x, shape: [x.shape.reduce((a, b) => a * b, 1)] }],
    dtype,
    Object.values(integers).map((value) => ({ type: 'int32', data: [value] })),
  )
  return { ...out, shape: [...shape] }
}

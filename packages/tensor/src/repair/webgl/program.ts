import type * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'

interface Program {
  readonly variableNames: readonly string[]
  readonly outputShape: readonly number[]
  readonly userCode: string
  readonly packedInputs?: boolean
  readonly packedOutput?: boolean
  readonly customUniforms?: readonly { readonly name: string; readonly type: 'float' }[]
}

/** What kernels use of tfjs's WebGL backend. */
export interface WebglBackend extends tf.KernelBackend {
  readonly texData: { get(dataId: object): { readonly isPacked?: boolean } }
  runWebGLProgram(
    program: Program,
    inputs: readonly Info[],
    dtype: tf.DataType,
    uniforms?: readonly (readonly number[])[],
  ): Info
}

/** Runs GLSL with a `main` that calls `setOutput` for each element, and reads the operands by `getX(…)` for a name `x`. */
export function run(
  backend: WebglBackend,
  operands: Readonly<Record<string, Info>>,
  shape: readonly number[],
  userCode: string,
): Info {
  const program = { variableNames: Object.keys(operands), outputShape: shape, userCode }
  return backend.runWebGLProgram(program, Object.values(operands), 'float32')
}

const VECTORS = ['int', 'int', 'ivec2', 'ivec3', 'ivec4', 'ivec5', 'ivec6']

/** GLSL that makes 0 of the entries of a texel beyond the last row or column, which other kernels read. */
function insideOnly(shape: readonly number[]): string {
  const rank = shape.length
  if (shape.every((size) => size === 1)) return 'result.yzw = vec3(0.);'
  const axis = (i: number): string => (rank === 1 ? 'at' : `at.${'xyzwuv'[i]}`)
  const hasColumn = `${axis(rank - 1)} + 1 < ${shape[rank - 1]}`
  const hasRow = rank === 1 ? 'false' : `${axis(rank - 2)} + 1 < ${shape[rank - 2]}`
  return `
    ${VECTORS[rank]} at = getOutputCoords();
    float column = float(${hasColumn}), row = float(${hasRow});
    if (column == 0.) result.yw = vec2(0.);
    if (row == 0.) result.zw = vec2(0.);`
}

/** Runs `float f(float a, …)` on the entries of the operands that meet, four at a time; numbers are uniforms of `code`. */
export function runPerElement(
  backend: WebglBackend,
  operands: readonly Info[],
  { shape, dtype }: Pick<Info, 'shape' | 'dtype'>,
  code: string,
  numbers: Readonly<Record<string, number>> = {},
): Info {
  const names = operands.map((_, i) => 'ABC'[i]!)
  const call = (lane: string): string => `f(${names.map((name) => `v${name}.${lane}`).join(', ')})`
  const program: Program = {
    variableNames: names,
    outputShape: shape,
    packedInputs: true,
    packedOutput: true,
    customUniforms: Object.keys(numbers).map((name) => ({ name, type: 'float' })),
    userCode: `
      ${code}
      void main() {
        ${names.map((name) => `vec4 v${name} = get${name}AtOutCoords();`).join('\n')}
        vec4 result = vec4(${['x', 'y', 'z', 'w'].map(call).join(', ')});
        ${insideOnly(shape)}
        setOutput(result);
      }`,
  }
  const uniforms = Object.values(numbers).map((value) => [value])
  return backend.runWebGLProgram(program, operands, dtype, uniforms)
}

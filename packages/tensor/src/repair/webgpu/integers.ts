import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { forIntegers, type Replacement } from '../kernels/register'
import { runPerElement } from './program'

/** A kernel of integers as WGSL has them, whose 32 bits wrap round; those of tfjs are floats on their way. */
const kernel =
  (expression: string, operands: readonly string[], dtype: 'int32' | 'bool' = 'int32'): Replacement =>
  (plain, kernelName) =>
    forIntegers(({ inputs, backend }) => {
      const given = operands.map((name) => inputs[name] as Info)
      const shape = given
        .map((x) => x.shape)
        .reduce((a, b) => tf.broadcast_util.assertAndGetBroadcastShape(a, b))
      const parameters = operands.map((name) => `${name}: i32`).join(', ')
      return runPerElement(
        backend as WebGPUBackend,
        given,
        { shape, dtype },
        { key: `sgm integer ${kernelName}`, code: `fn f(${parameters}) -> i32 { ${expression} }` },
      )
    })(plain, kernelName)

const unary = (expression: string): Replacement => kernel(`return ${expression};`, ['x'])

const binary = (expression: string): Replacement => kernel(`return ${expression};`, ['a', 'b'])

const comparison = (operator: string): Replacement =>
  kernel(`return select(0, 1, a ${operator} b);`, ['a', 'b'], 'bool')

/** Kernels of integers, by tfjs's names. */
export const integers: Readonly<Record<string, Replacement>> = {
  Abs: unary('abs(x)'),
  Add: binary('a + b'),
  Equal: comparison('=='),
  Greater: comparison('>'),
  GreaterEqual: comparison('>='),
  Less: comparison('<'),
  LessEqual: comparison('<='),
  Maximum: binary('max(a, b)'),
  Minimum: binary('min(a, b)'),
  Mod: kernel(
    'if (b == 0) { return 0; } let rest = a % b; return select(rest, rest + b, rest != 0 && (rest < 0) != (b < 0));',
    ['a', 'b'],
  ),
  Multiply: binary('a * b'),
  Neg: unary('-x'),
  NotEqual: comparison('!='),
  Relu: unary('max(x, 0)'),
  Sign: unary('sign(x)'),
  Square: unary('x * x'),
  SquaredDifference: binary('(a - b) * (a - b)'),
  Sub: binary('a - b'),
}

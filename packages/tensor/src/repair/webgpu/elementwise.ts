import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { type HelperName, helperCode } from './functions'
import { runPerElement } from './program'

/** A kernel of one operand. */
const unary =
  (functions: readonly HelperName[], body: string): Replacement =>
  (plain, kernelName) =>
    forFloats(({ inputs, backend }) => {
      const x = inputs.x as Info
      return runPerElement(backend as WebGPUBackend, [x], x, {
        key: `sgm ${kernelName}`,
        code: `${helperCode(functions).join(' ')} fn f(x: f32) -> f32 { return ${body}; }`,
      })
    })(plain, kernelName)

/** A kernel of one operand that has a function of its own. */
const helper = (name: HelperName): Replacement => unary([name], `${name}(x)`)

/** A kernel of two operands that has a function of its own. */
const binary =
  (name: HelperName): Replacement =>
  (plain, kernelName) =>
    forFloats(({ inputs, backend }) => {
      const { a, b } = inputs as { a: Info; b: Info }
      const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
      return runPerElement(
        backend as WebGPUBackend,
        [a, b],
        { shape, dtype: 'float32' },
        {
          key: `sgm ${kernelName}`,
          code: `${helperCode([name]).join(' ')} fn f(a: f32, b: f32) -> f32 { return ${name}(a, b); }`,
        },
      )
    })(plain, kernelName)

/** Kernels of floats that work element by element and that tfjs has wrong for NaN, infinities or many digits. */
export const elementwise: Readonly<Record<string, Replacement>> = {
  Acos: helper('acos_of'),
  Acosh: helper('acosh_of'),
  Asin: helper('asin_of'),
  Asinh: helper('asinh_of'),
  Atan: helper('atan_of'),
  Atan2: binary('atan_2'),
  Atanh: helper('atanh_of'),
  Cos: helper('cos_of'),
  Cosh: helper('cosh_of'),
  Elu: unary(['exp_m1'], 'select(exp_m1(x), x, x > 0.0)'),
  Erf: helper('erf_of'),
  Exp: helper('exp_of'),
  Expm1: helper('exp_m1'),
  Log: helper('ln'),
  Log1p: helper('ln_1p'),
  Mod: binary('float_mod'),
  Pow: binary('power'),
  Selu: unary(['exp_m1'], 'select(1.7580993408473768 * exp_m1(x), 1.0507009873554805 * x, x > 0.0)'),
  Sigmoid: helper('sigmoid'),
  Sign: helper('sign_of'),
  Sin: helper('sin_of'),
  Sinh: helper('sinh_of'),
  Softplus: helper('softplus'),
  Tan: helper('tan_of'),
  Tanh: helper('tanh_of'),
}

import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import { compose, forFloats, forIntegers, type Replacement } from '../kernels/register'
import { FUNCTIONS } from './functions'
import { runPerElement, type WebglBackend } from './program'

/** A kernel of x alone; `numbers` are its attributes by the names that the code knows them by. */
const unary = (value: string, numbers: Readonly<Record<string, string>> = {}): Replacement =>
  forFloats(({ inputs, attrs, backend }) => {
    const { x } = inputs as { x: Info }
    const values = Object.entries(numbers).map(([name, attribute]) => [name, attrs?.[attribute] as number])
    const code = `${FUNCTIONS} float f(float x) { return isnan(x) ? x : ${value}; }`
    return runPerElement(backend as WebglBackend, [x], x, code, Object.fromEntries(values))
  })

/** What two operands, which may stretch, make; `operands` are their names. */
const meeting =
  (body: string, operands: readonly [string, string] = ['a', 'b']): tf.KernelFunc =>
  ({ inputs, backend }) => {
    const [a, b] = operands.map((name) => inputs[name]) as [Info, Info]
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
    const code = `${FUNCTIONS} float f(float a, float b) { ${body} }`
    return runPerElement(backend as WebglBackend, [a, b], { shape, dtype: a.dtype }, code)
  }

/** A kernel of two floats, neither of them NaN. */
const binary = (value: string, operands?: readonly [string, string]): Replacement =>
  forFloats(meeting(`return isnan(a) || isnan(b) ? NAN : ${value};`, operands))

/** Of equal shapes; tfjs's knows four axes at most. */
const select: Replacement =
  () =>
  ({ inputs, backend }) => {
    const { condition, t, e } = inputs as { condition: Info; t: Info; e: Info }
    const dtype = tf.upcastType(t.dtype, e.dtype)
    const code = 'float f(float isFirst, float a, float b) { return isFirst >= 1. ? a : b; }'
    return runPerElement(backend as WebglBackend, [condition, t, e], { shape: t.shape, dtype }, code)
  }

/** 1 for 1 to any power and any number to the power 0, NaN among them. */
const pow = `
  if (a == 1. || b == 0. || (a == -1. && isinf(b))) return 1.;
  return isnan(a) || isnan(b) ? NAN : b == 1. ? a : b == 2. ? a * a : b == 3. ? a * a * a : power(a, b);`

/** Ties to even, with the sign of x: of −0.5 it is −0. */
const round = 'uintBitsToFloat(floatBitsToUint(abs(roundEven(x))) | (floatBitsToUint(x) & 0x80000000u))'

/**
 * Kernels that work element by element, right for NaN, infinities and what lies beside them in a texel; tfjs lets NaN stop
 * the clipping of its neighbours, has 1 for 0/0 and ∞/∞, NaN for relu(−∞), ∞ for cosh(NaN), a remainder of rounded
 * quotients, and functions of GLSL, of which some GPUs have few digits and a finite logarithm of 0.
 */
export const elementwise: Readonly<Record<string, Replacement>> = {
  Acos: unary('abs(x) > 1. ? NAN : x == -1. ? 3.1415927 : 2. * arctan(sqrt((1. - x) / (1. + x)))'),
  Acosh: unary('x < 1. ? NAN : x > 1e9 ? ln(x) + .6931472 : ln1p(x - 1. + sqrt((x - 1.) * (x + 1.)))'),
  Asin: unary('abs(x) > 1. ? NAN : 2. * arctan(x / (1. + sqrt((1. - x) * (1. + x))))'),
  Asinh: unary(
    'sign(x) * (abs(x) > 1e9 ? ln(abs(x)) + .6931472 : ln1p(abs(x) + x * x / (1. + sqrt(x * x + 1.))))',
  ),
  Atan: unary('arctan(x)'),
  Atan2: binary('arctan2(a, b)'),
  Atanh: unary('abs(x) > 1. ? NAN : .5 * (ln1p(x) - ln1p(-x))'),
  ClipByValue: unary('min(max(x, low), high)', { low: 'clipValueMin', high: 'clipValueMax' }),
  Cos: unary('sine(x, 1)'),
  Cosh: unary('abs(x) > 40. ? halfExp(abs(x)) : .5 * (exponential(x) + exponential(-x))'),
  Elu: unary('x > 0. ? x : expm1(x)'),
  Erf: unary('errorOf(x)'),
  Exp: unary('exponential(x)'),
  Expm1: unary('expm1(x)'),
  LeakyRelu: unary('x > 0. ? x : alpha * x', { alpha: 'alpha' }),
  Log: unary('ln(x)'),
  Log1p: unary('ln1p(x)'),
  Mod: compose(binary('remainder(a, b)'), forIntegers(meeting('return b == 0. ? 0. : remainder(a, b);'))),
  Pow: forFloats(meeting(pow)),
  Prelu: binary('a > 0. ? a : b * a', ['x', 'alpha']),
  RealDiv: binary('a != b ? a / b : b == 0. || isinf(b) ? NAN : 1.'),
  Relu: unary('max(x, 0.)'),
  Relu6: unary('clamp(x, 0., 6.)'),
  Round: unary(round),
  Select: select,
  Selu: unary('x > 0. ? 1.0507009873554805 * x : 1.7580993408473768 * expm1(x)'),
  Sigmoid: unary('1. / (1. + exponential(-x))'),
  Sign: unary('sign(x)'),
  Sin: unary('sine(x, 0)'),
  Sinh: unary('sign(x) * (abs(x) > 40. ? halfExp(abs(x)) : .5 * (expm1(abs(x)) - expm1(-abs(x))))'),
  Softplus: unary('max(x, 0.) + ln1p(exponential(-abs(x)))'),
  Tan: unary('sine(x, 0) / sine(x, 1)'),
  Tanh: unary('sign(x) * -expm1(-2. * abs(x)) / (2. + expm1(-2. * abs(x)))'),
}
